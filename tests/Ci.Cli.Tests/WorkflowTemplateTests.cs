using System.Text.RegularExpressions;
using Ci.Testing;
using YamlDotNet.RepresentationModel;

namespace Ci.Cli.Tests;

/// <summary>What the two workflows for forks may do, read from the files that people copy.</summary>
public sealed partial class WorkflowTemplateTests
{
    private const string Fork = "github.event.pull_request.head.repo.full_name != github.repository";

    private static readonly string[] Folders = ["templates/github", "templates/energy-load/.github/workflows"];

    public static TheoryData<string> Files => [.. Folders.SelectMany(folder => (string[])[$"{folder}/evaluate.yml", $"{folder}/report.yml", $"{folder}/prune.yml"])];

    public static TheoryData<string> Evaluating => [.. Folders.Select(folder => $"{folder}/evaluate.yml")];

    public static TheoryData<string> Reporting => [.. Folders.Select(folder => $"{folder}/report.yml")];

    [Theory]
    [MemberData(nameof(Files))]
    public void Actions_of_others_are_pinned_and_nothing_is_permitted_that_is_not_listed(string file)
    {
        var workflow = Load(file);
        Assert.Empty(((YamlMappingNode)workflow["permissions"]).Children);
        foreach (var (job, body) in Jobs(workflow))
        {
            Assert.True(body.Children.ContainsKey("permissions"), $"{file}: {job} lists no permissions");
            Assert.True(body.Children.ContainsKey("timeout-minutes"), $"{file}: {job} may run for hours");
            foreach (var step in Steps(body).Where(step => step.Children.ContainsKey("uses")))
                Assert.Matches(Pinned(), step["uses"].ToString());
            foreach (var step in Steps(body).Where(step => Uses(step, "actions/checkout")))
                Assert.Equal("false", step["with"]["persist-credentials"].ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_workflow_hands_secrets_or_rights_to_what_a_stranger_wrote(string file)
    {
        var text = File.ReadAllText(RepositoryRoot.At(file));
        Assert.DoesNotContain("pull_request_target", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("inherit", text, StringComparison.Ordinal);
        Assert.DoesNotContain("self-hosted", text, StringComparison.Ordinal);
        // A stranger chooses names of branches: they never stand in a command.
        Assert.All(Jobs(Load(file)).SelectMany(job => Steps(job.Body)), step =>
        {
            var command = step.Children.TryGetValue("with", out var with) && ((YamlMappingNode)with).Children.TryGetValue("command", out var lines) ? lines.ToString() : "";
            Assert.DoesNotMatch(ChosenByStrangers(), command);
            Assert.False(step.Children.ContainsKey("run"), $"{file} runs a shell");
        });
    }

    [Theory]
    [MemberData(nameof(Evaluating))]
    public void The_job_that_runs_the_proposal_may_only_read_and_forks_get_hosted_runners(string file)
    {
        var workflow = Load(file);
        Assert.Equal("pull_request", Assert.Single(((YamlMappingNode)workflow["on"]).Children).Key.ToString());
        var jobs = Jobs(workflow).ToList();
        Assert.All(jobs, job => Assert.Equal(("contents", "read"), Assert.Single(Permissions(job.Body))));
        var fork = jobs.Single(job => job.Name == "fork").Body;
        Assert.Equal((Fork, "ubuntu-latest"), (fork["if"].ToString(), fork["runs-on"].ToString()));
        Assert.Equal(Fork.Replace("!=", "==", StringComparison.Ordinal), jobs.Single(job => job.Name == "own").Body["if"].ToString());
    }

    [Theory]
    [MemberData(nameof(Reporting))]
    public void The_job_that_posts_takes_the_run_from_the_event_and_checks_out_nothing(string file)
    {
        var workflow = Load(file);
        Assert.Equal("workflow_run", Assert.Single(((YamlMappingNode)workflow["on"]).Children).Key.ToString());
        var body = Assert.Single(Jobs(workflow)).Body;
        Assert.Equal([("actions", "read"), ("checks", "write"), ("contents", "write"), ("pull-requests", "write")], Permissions(body));
        var steps = Steps(body).ToList();
        Assert.DoesNotContain(steps, step => Uses(step, "actions/checkout"));
        var download = Assert.Single(steps, step => Uses(step, "actions/download-artifact"))["with"];
        Assert.Equal(("${{ github.event.workflow_run.id }}", "bundle"), (download["run-id"].ToString(), download["path"].ToString()));
        Assert.Contains(steps, step => Uses(step, "mlops-action") && step["with"]["command"].ToString().StartsWith("report post --bundle bundle/bundle.zip", StringComparison.Ordinal));
    }

    private static YamlMappingNode Load(string file)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(RepositoryRoot.At(file));
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<(string Name, YamlMappingNode Body)> Jobs(YamlMappingNode workflow) =>
        ((YamlMappingNode)workflow["jobs"]).Select(job => (job.Key.ToString(), (YamlMappingNode)job.Value));

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) => ((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>();

    private static IEnumerable<(string, string)> Permissions(YamlMappingNode job) => ((YamlMappingNode)job["permissions"]).Select(one => (one.Key.ToString(), one.Value.ToString()));

    private static bool Uses(YamlMappingNode step, string action) => step.Children.TryGetValue("uses", out var uses) && uses.ToString().Contains(action, StringComparison.Ordinal);

    [GeneratedRegex("^(actions/[a-z-]+@[0-9a-f]{40}|OWNER/mlops-action@v1)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pinned();

    [GeneratedRegex(@"head_branch|head_ref|head\.ref|\.title|\.body|\.label")]
    private static partial Regex ChosenByStrangers();
}
