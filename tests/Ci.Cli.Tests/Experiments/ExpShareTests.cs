using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Testing;
using YamlDotNet.RepresentationModel;

namespace Ci.Cli.Tests.Experiments;

public sealed partial class ExpShareTests
{
    private static readonly string[] Plan = ["exp", "matrix", "--search", "lhs", "--trials", "3", "--seed", "1", "-S", "train.lr=loguniform(1e-3,1)", "--metric", "metrics.json:rmse", "--minimize"];

    [Fact]
    public async Task Three_runners_share_a_folder_and_a_fourth_clone_collects_what_they_found()
    {
        using var project = await ExpProject.CreateAsync();
        Assert.Equal("""{"trial":[0,1,2]}""", (await project.OkAsync([.. Plan, "--github"])).Trim());
        var runners = new[] { await project.CloneAsync("one"), await project.CloneAsync("two"), await project.CloneAsync("three"), await project.CloneAsync("collector") };
        foreach (var clone in runners)
            File.Copy(project.Of("exp-plan.json"), Path.Combine(clone, "exp-plan.json"));

        await OkAsync(project, runners[0], "exp", "run", "--trial", "0");
        var (code, output, error) = await project.RunAsync(runners[3], CancellationToken.None, "exp", "collect");
        Assert.Equal(0, code);
        Assert.Contains("1 of 3 trials collected", output, StringComparison.Ordinal);
        Assert.Contains("no result yet of trial 1, 2", error, StringComparison.Ordinal);

        await Task.WhenAll(Enumerable.Range(1, 2).Select(i => Task.Run(() => OkAsync(project, runners[i], "exp", "run", "--trial", $"{i}"))));
        // A job that is run once more does nothing twice.
        Assert.Contains("already", await OkAsync(project, runners[1], "exp", "run", "--trial", "2"), StringComparison.Ordinal);
        var collected = JsonNode.Parse(await OkAsync(project, runners[3], "exp", "collect", "--json"))!;
        Assert.Empty(collected["missing"]!.AsArray());
        Assert.Equal(3, collected["experiments"]!.AsArray().Count);

        // The very commits that the runners made, and their data is a fetch away.
        var there = (await RefsAsync(runners[0])).Concat(await RefsAsync(runners[1])).Concat(await RefsAsync(runners[2])).Select(r => (r.Name, r.Commit)).Order();
        Assert.Equal(there, (await RefsAsync(runners[3])).Select(r => (r.Name, r.Commit)).Order());
        var best = (string)collected["experiments"]![0]!["name"]!;
        Assert.Contains("mlops pull", (await project.RunAsync(runners[3], CancellationToken.None, "exp", "apply", best)).Error, StringComparison.Ordinal);
        await OkAsync(project, runners[3], "pull");
        Assert.True(File.Exists(Path.Combine(runners[3], "model.txt")));
        Assert.True(Directory.EnumerateFiles(Path.Combine(project.Beside("store"), "runs"), "*", SearchOption.AllDirectories).Any());
        foreach (var file in Directory.EnumerateFiles(Path.Combine(project.Beside("store"), "experiments"), "*.json", SearchOption.AllDirectories))
            Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "experiment.schema.json"), file));
    }

    [Fact]
    public async Task Runners_that_halve_stop_by_what_the_others_reached()
    {
        using var project = await ExpProject.CreateAsync();
        await project.OkAsync("exp", "matrix", "--github", "--search", "grid", "-S", "train.lr=0.03,0.9,0.8,0.04", "--halving", "budget=train.epochs:1..4x2", "--metric", "metrics.json:rmse", "--minimize");
        for (var trial = 0; trial < 4; trial++)
            await project.OkAsync("exp", "run", "--trial", $"{trial}");
        var status = (await project.JsonAsync("exp", "collect"))["experiments"]!.AsArray().ToDictionary(e => (int)e!["plan"]!["trial"]!, e => (string?)e!["status"]);
        Assert.Equal("done stopped stopped done", string.Join(' ', status.OrderBy(s => s.Key).Select(s => s.Value)));
    }

    [Fact]
    public async Task A_failed_trial_is_told_everywhere_and_can_be_run_again()
    {
        using var project = await ExpProject.CreateAsync();
        await project.OkAsync("exp", "matrix", "--github", "--search", "grid", "-S", "train.lr=0.666,0.1");
        Assert.Contains("failed", await project.FailsAsync(255, "exp", "run", "--trial", "0"), StringComparison.Ordinal);
        Assert.Contains("Failed", await project.OkAsync("exp", "collect"), StringComparison.Ordinal);
        await project.FailsAsync(255, "exp", "run", "--trial", "0"); // not "already there"
        Assert.Contains("and no 2", await project.FailsAsync(254, "exp", "run", "--trial", "2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_was_tampered_with_is_not_taken()
    {
        using var project = await ExpProject.CreateAsync();
        await project.OkAsync([.. Plan, "--github"]);
        await project.OkAsync("exp", "run", "--trial", "0");
        await project.OkAsync("exp", "remove", "-A");
        var file = Directory.EnumerateFiles(project.Beside("store/experiments"), "0.json", SearchOption.AllDirectories).Single();
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        var commit = (string)json["commit"]!;
        var other = new string('d', 40);
        File.Copy(Path.Combine(Path.GetDirectoryName(file)!, $"{commit}.bundle"), Path.Combine(Path.GetDirectoryName(file)!, $"{other}.bundle"));
        json["commit"] = other;
        File.WriteAllText(file, json.ToJsonString());
        Assert.Contains("does not hold the commit", await project.FailsAsync(255, "exp", "collect"), StringComparison.Ordinal);
        Assert.Empty(await project.Git.RefsAsync("refs/exps"));
        json["name"] = "../evil";
        File.WriteAllText(file, json.ToJsonString());
        Assert.Contains("cannot be the name", await project.FailsAsync(255, "exp", "collect"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_jobs_are_valid_yaml_that_say_nothing_of_their_own_accord()
    {
        using var project = await ExpProject.CreateAsync();
        var gitlab = Yaml(await project.OkAsync([.. Plan, "--gitlab", "--image", "reg/x:1\" # evil"]))[0];
        var trial = (YamlMappingNode)gitlab["trial"];
        Assert.Equal(["0", "1", "2"], ((YamlSequenceNode)trial["parallel"]["matrix"][0]["TRIAL"]).Select(t => ((YamlScalarNode)t).Value));
        Assert.Equal("mlops exp run --plan exp-plan.json --trial \"$TRIAL\"", ((YamlScalarNode)trial["script"][1]).Value);
        Assert.Equal("reg/x:1\" # evil", ((YamlScalarNode)gitlab["default"]["image"]["name"]).Value);

        Assert.Contains("--repository", await project.FailsAsync(254, [.. Plan, "--kubernetes"]), StringComparison.Ordinal);
        var kubernetes = Yaml(await project.OkAsync([.. Plan, "--kubernetes", "--repository", "https://git.example/r.git"]));
        var job = kubernetes[1];
        Assert.Equal(("Indexed", "3"), (Text(job["spec"]["completionMode"]), Text(job["spec"]["completions"])));
        Assert.Equal(File.ReadAllText(project.Of("exp-plan.json")), Text(kubernetes[0]["data"]["exp-plan.json"]));
        var pod = job["spec"]["template"]["spec"];
        Assert.Contains(Text(pod["containers"][0]["command"][2])!.Split(" && "), part => part == "mlops exp run --plan /plan/exp-plan.json --trial \"$JOB_COMPLETION_INDEX\"");
        Assert.Equal("https://git.example/r.git", Text(pod["containers"][0]["env"][0]["value"]));
    }

    [Theory]
    [InlineData("templates/github/sweep.yml")]
    [InlineData("templates/gitlab/sweep.yml")]
    [InlineData("templates/kubernetes/sweep.yaml")]
    public void A_template_is_yaml_and_shows_only_commands_that_exist(string file)
    {
        var context = new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, Environment = new Dictionary<string, string>(), WorkingDirectory = RepositoryRoot.Path, Time = TimeProvider.System };
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(RepositoryRoot.At(file))));
        var commands = stream.Documents.SelectMany(d => d.AllNodes).OfType<YamlScalarNode>().SelectMany(n => (n.Value ?? "").Split('\n')).SelectMany(l => l.Split(" && "))
            .Select(l => l.Trim().StartsWith("mlops ", StringComparison.Ordinal) ? l.Trim()["mlops ".Length..] : l.Trim()).Where(l => l.StartsWith("exp ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var words = Words().Matches(Variable().Replace(command, "1")).Select(m => m.Groups["quoted"].Success ? m.Groups["quoted"].Value : m.Value);
            Assert.Empty(CommandLine.Parse([.. words], context).Errors);
        }
    }

    [Fact]
    public async Task Experiments_travel_by_a_git_remote_with_their_data()
    {
        using var project = await ExpProject.CreateAsync();
        await GitRepository.InitAsync(project.Beside("hub"), bare: true, o: new GitOptions { Environment = GitIsolation.Environment });
        var clone = await project.CloneAsync("clone");
        await project.OkAsync("exp", "run", "--temp", "-S", "train.lr=0.02", "-n", "mine");
        await project.Git.PushAsync(project.Beside("hub"), [new RefUpdate("refs/heads/main", await project.Git.ResolveAsync("HEAD"), null)]);
        Assert.Contains("Pushed 1 experiment to", await project.OkAsync("exp", "push", project.Beside("hub"), "mine"), StringComparison.Ordinal);
        Assert.Contains("mine", await OkAsync(project, clone, "exp", "list", project.Beside("hub")), StringComparison.Ordinal);
        Assert.Contains("Pulled 1 experiment from", await OkAsync(project, clone, "exp", "pull", project.Beside("hub")), StringComparison.Ordinal);
        await OkAsync(project, clone, "exp", "apply", "mine");
        Assert.True(File.Exists(Path.Combine(clone, "model.txt")));

        await project.OkAsync("exp", "run", "--temp", "-S", "train.lr=0.03", "-n", "mine", "-f");
        Assert.Contains("other experiments of these names", await project.FailsAsync(255, "exp", "push", project.Beside("hub"), "mine"), StringComparison.Ordinal);
        await project.OkAsync("exp", "push", "--force", project.Beside("hub"), "mine");
        await project.OkAsync("exp", "remove", "-g", project.Beside("hub"), "mine");
        Assert.Equal("", await project.OkAsync("exp", "list", "-A", project.Beside("hub")));
    }

    private static async Task<string> OkAsync(ExpProject project, string where, params string[] arguments)
    {
        var (code, output, error) = await project.RunAsync(where, CancellationToken.None, arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code}\n{output}\n{error}");
        return output;
    }

    private static async Task<IReadOnlyList<GitRef>> RefsAsync(string folder) => await (await GitRepository.OpenAsync(folder, new GitOptions { Environment = GitIsolation.Environment })).RefsAsync("refs/exps");

    private static List<YamlNode> Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(d => d.RootNode)];
    }

    private static string? Text(YamlNode node) => ((YamlScalarNode)node).Value;

    [System.Text.RegularExpressions.GeneratedRegex(@"'(?<quoted>[^']*)'|\S+")]
    private static partial System.Text.RegularExpressions.Regex Words();

    [System.Text.RegularExpressions.GeneratedRegex(@"\$\{\{.*?\}\}|""\$\w+""")]
    private static partial System.Text.RegularExpressions.Regex Variable();
}
