using Ci.Forges;
using Ci.Testing;
using Ci.Testing.Forge;

namespace Ci.Cli.Tests;

/// <summary>
/// GitLab's components, read and run by gitlab-ci-local (its parser and schema, inputs, rules, shell executor), the jobs calling the built
/// program against the simulated GitLab. What no GitLab ran: the image, the runner, and the widgets that read the reports.
/// </summary>
public sealed class GitLabTemplateTests
{
    private const string Slug = DeliveryWorld.Slug;

    [Fact]
    public async Task A_merge_requests_job_measures_posts_and_writes_the_widgets_files()
    {
        await using var world = await DeliveryWorld.CreateAsync(vendor: "gitlab");
        await world.ReleaseAsync("1.0.0", errors: 20);
        using var project = await ProjectAsync(world, errors: 10, Include("evaluate", """measure: ["cp evidence/* ."]""", "baseline: development", "key: energy-load"));

        var (code, output) = await project.RunAsync(MergeRequest(world), "evaluate");

        Assert.True(code == 0, output);
        var comment = Assert.Single(world.Hub.Comments(Slug));
        Assert.Contains("<!-- mlops.comment/v1 key=energy-load ", comment.Body, StringComparison.Ordinal);
        Assert.Contains("better", comment.Body, StringComparison.Ordinal);
        Assert.Equal(("mlops/verdict", "success"), (world.Hub.Checks(Slug)[^1].Name, world.Hub.Checks(Slug)[^1].Conclusion));
        Assert.Contains("<testsuite", project.Artifact("report/junit.xml"), StringComparison.Ordinal);
        Assert.Contains("rmse", project.Artifact("report/metrics.txt"), StringComparison.Ordinal);
        Assert.Contains("comment_url=", project.Artifact("mlops.env"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worse_model_is_reported_and_fails_the_job_with_the_verdicts_code()
    {
        await using var world = await DeliveryWorld.CreateAsync(vendor: "gitlab");
        await world.ReleaseAsync("1.0.0", errors: 10);
        using var project = await ProjectAsync(world, errors: 20, Include("evaluate", """measure: ["cp evidence/* ."]""", "baseline: development"));

        var (code, output) = await project.RunAsync(MergeRequest(world), "evaluate");

        Assert.NotEqual(0, code);
        Assert.Contains("FAIL", output, StringComparison.Ordinal);
        Assert.Contains("evaluate finished in", output, StringComparison.Ordinal);
        Assert.Equal("failed", world.Hub.Checks(Slug)[^1].Conclusion);
        Assert.Single(world.Hub.Comments(Slug));
        // A link to the gate's line beside the log, as GitLab shows annotations.
        Assert.Contains("/-/blob/", project.Artifact("mlops-annotations.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forks_code_never_sees_the_token_and_its_report_is_posted_from_data()
    {
        await using var world = await DeliveryWorld.CreateAsync(vendor: "gitlab");
        await world.ReleaseAsync("1.0.0", errors: 20);
        var measure = """measure: ["cp evidence/* .", "if [ -n \"$MLOPS_TOKEN\" ]; then exit 9; fi", "echo the fork ran"]""";
        using var project = await ProjectAsync(world, errors: 10, Include("forks", measure, "baseline: development"), fork: "mallory/energy-load");
        var variables = MergeRequest(world, "mallory/energy-load");
        var token = variables["MLOPS_TOKEN"];
        variables.Remove("MLOPS_TOKEN");
        project.Write(".gitlab-ci-local-variables.yml", $"MLOPS_TOKEN:\n  type: variable\n  values:\n    mlops-report: {token}\n");

        var (code, output) = await project.RunAsync(variables);

        Assert.True(code == 0, output);
        Assert.Contains("the fork ran", output, StringComparison.Ordinal);
        var comment = Assert.Single(world.Hub.Comments(Slug));
        Assert.Contains("mallory", comment.Body, StringComparison.Ordinal);
        // Anyone can claim a number: a person decides, and until then the merge waits.
        Assert.Equal("failed", world.Hub.Checks(Slug)[^1].Conclusion);
    }

    [Fact]
    public async Task The_general_component_runs_what_it_is_given()
    {
        await using var world = await DeliveryWorld.CreateAsync(vendor: "gitlab");
        using var project = await ProjectAsync(world, errors: 10, Include("mlops", "name: hello", """script: ["mlops version", "mlops new"]"""));

        var (code, output) = await project.RunAsync(MergeRequest(world), "hello");

        Assert.True(code == 0, output);
        Assert.Contains("energy-load", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_or_missing_input_is_refused_by_name()
    {
        await using var world = await DeliveryWorld.CreateAsync(vendor: "gitlab");
        using var project = await ProjectAsync(world, errors: 10, Include("mlops"));
        foreach (var (component, inputs, named) in new[]
        {
            ("mlops", "image: registry.example/mlops:1, script: mlops pull", "script"), ("mlops", "imag: registry.example/x", "image"), ("evaluate", "measure: [mlops pull]", "image"),
        })
        {
            project.Write(".gitlab-ci.yml", $"include:\n  - local: {component}.yml\n    inputs: {{ {inputs} }}\n");

            var (code, output) = await project.RunAsync(MergeRequest(world), "--list");

            Assert.NotEqual(0, code);
            Assert.Contains(named, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_mode_takes_its_own_merge_requests_alone()
    {
        await using var world = await DeliveryWorld.CreateAsync(vendor: "gitlab");
        using var project = await ProjectAsync(world, errors: 10, Include("mlops"));
        foreach (var (component, source, runs) in new[] { ("evaluate", Slug, true), ("evaluate", "mallory/energy-load", false), ("forks", "mallory/energy-load", true), ("forks", Slug, false) })
        {
            project.Write(".gitlab-ci.yml", Include(component));

            var (code, output) = await project.RunAsync(MergeRequest(world, source), "--list-csv");

            Assert.True(code == 0, output);
            Assert.Equal(runs, output.Contains("\nevaluate;", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_templates_own_pipeline_is_valid_and_each_job_has_its_occasion()
    {
        await using var world = await DeliveryWorld.CreateAsync(vendor: "gitlab");
        var yaml = File.ReadAllText(RepositoryRoot.At("templates", "energy-load", ".gitlab-ci.yml"))
            .Replace("  - project: OWNER/mlops-action\n    ref: v1\n    file: /templates/gitlab/evaluate.yml\n", "  - local: evaluate.yml\n", StringComparison.Ordinal);
        Assert.Contains("local: evaluate.yml", yaml, StringComparison.Ordinal);
        using var project = await ProjectAsync(world, errors: 10, yaml);
        var variables = MergeRequest(world);

        Assert.Equal(["evaluate"], await JobsAsync("main"));
        Assert.Equal(["check", "evaluate"], await JobsAsync("staging"));
        variables["CI_PIPELINE_SOURCE"] = "schedule";
        Assert.Equal(["reconcile"], await JobsAsync("main"));

        async Task<IEnumerable<string>> JobsAsync(string target)
        {
            variables["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] = target;
            var (code, output) = await project.RunAsync(variables, "--list-csv");
            Assert.True(code == 0, output);
            return output.Split('\n').Where(l => l.Contains(';') && !l.StartsWith("name;", StringComparison.Ordinal)).Select(l => l.Split(';')[0]).Order(StringComparer.Ordinal);
        }
    }

    [Fact]
    public void Every_command_of_the_templates_pipeline_exists()
    {
        var lines = File.ReadAllLines(RepositoryRoot.At("templates", "energy-load", ".gitlab-ci.yml")).Select(l => l.Trim().TrimStart('-').Trim()).Where(l => l.StartsWith("mlops ", StringComparison.Ordinal)).ToList();

        Assert.True(lines.Count >= 7);
        Assert.All(lines, line =>
        {
            var words = line.Split(" || ")[0].Replace("\"", "", StringComparison.Ordinal).Replace("$CI_MERGE_REQUEST_IID", "1", StringComparison.Ordinal).Split(' ')[1..];
            var context = new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, Environment = new Dictionary<string, string>(), WorkingDirectory = RepositoryRoot.Path, Time = TimeProvider.System };
            Assert.Empty(CommandLine.Parse(words, context).Errors);
        });
    }

    [Fact]
    public void A_new_project_brings_the_pipeline_with_its_owner_filled_in()
    {
        using var folder = new TemporaryFolder();
        Templates.Copy(Templates.Find("energy-load"), folder.Of("new"), new Dictionary<string, string> { ["owner"] = "acme/mlops-action" });

        var yaml = File.ReadAllText(folder.Of("new/.gitlab-ci.yml"));
        Assert.Contains("project: acme/mlops-action", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("OWNER", yaml, StringComparison.Ordinal);
    }

    private static string Include(string component, params string[] inputs) =>
        $"include:\n  - local: {component}.yml\n    inputs:\n      image: registry.example/mlops:1\n{string.Concat(inputs.Select(i => $"      {i}\n"))}";

    private static async Task<GitLabProjectFolder> ProjectAsync(DeliveryWorld world, double errors, string yaml, string? fork = null)
    {
        var project = new GitLabProjectFolder(world.Hub.GitUrl(Slug), yaml);
        Directory.CreateDirectory(project.Of("evidence"));
        await DeliveryWorld.WriteCandidateAsync(project.Of("evidence"), errors);
        project.Commit();
        world.Hub.Repository(Slug).CommitFiles("change", "Propose", ("b.txt", "b"));
        var gitlab = (GitLabSimulator)world.Hub;
        if (fork is not null)
        {
            gitlab.OpenFromFork(Slug, "change", "main", fork, "mallory");
            return project;
        }

        using var forge = ForgeProviders.Open(new ForgeAddress { Vendor = "gitlab", ApiUrl = world.Hub.ApiUrl, Repository = Slug, Token = world.Hub.JobToken });
        await forge.PullRequests.OpenAsync("Propose", "", "change", "main");
        return project;
    }

    private static Dictionary<string, string> MergeRequest(DeliveryWorld world, string source = Slug)
    {
        var variables = world.Variables();
        foreach (var (name, value) in new[]
        {
            ("CI_PIPELINE_SOURCE", "merge_request_event"), ("CI_MERGE_REQUEST_IID", "1"), ("CI_MERGE_REQUEST_PROJECT_PATH", Slug), ("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", source),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "change"), ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"), ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", world.Hub.Repository(Slug).Branch("change") ?? ""),
        })
            variables[name] = value;
        return variables;
    }
}
