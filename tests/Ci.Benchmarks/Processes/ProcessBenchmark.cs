using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Testing;
using Ci.Testing.Forge;

namespace Ci.Benchmarks.Processes;

/// <summary>
/// What a CI step pays: the published `mlops` as whole processes. The comment update talks to the forge simulator over HTTP and
/// changes the comment each time. CML's recorded figures (0.20.6, another machine of the same kind) stand beside ours.
/// </summary>
internal static class ProcessBenchmark
{
    private const int Runs = 9;

    private static string Mlops => RepositoryRoot.At("artifacts", "bin", "mlops");

    public static async Task RunAsync(TextWriter report)
    {
        if (!File.Exists(Mlops))
            throw new InvalidOperationException($"{Mlops} is missing: run `dotnet run --project build -- publish` first");
        using var folder = new TemporaryFolder();
        await using var forge = await GitHubSimulator.StartAsync(folder.Of("forge"));
        var environment = Environment(forge, OpenPullRequest(forge, folder.Of("clone")), folder.Path);
        var version = MeasuredProcess.Median(Runs, () => MeasuredProcess.Run(Mlops, ["--version"], environment, folder.Path));
        MeasuredProcess.Run(Mlops, ["comment", "create", Markdown(folder, 0), "--key", "bench"], environment, folder.Path);
        var round = 0;
        var before = forge.Requests.Count;
        var update = MeasuredProcess.Median(Runs, () => MeasuredProcess.Run(Mlops, ["comment", "update", Markdown(folder, ++round), "--key", "bench"], environment, folder.Path));
        var calls = (forge.Requests.Count - before) / (double)(Runs + 1);
        var size = new FileInfo(Mlops).Length / 1048576.0;

        await report.WriteLineAsync("| command | wall s | peak MiB | API calls | CML 0.20.6 (recorded) |\n| --- | ---: | ---: | ---: | --- |");
        await report.WriteLineAsync(FormattableString.Invariant($"| `--version` | {version.Seconds:F3} | {version.PeakMiB:F0} | 0 | 0.30 to 0.53 s, 81 MiB |"));
        await report.WriteLineAsync(FormattableString.Invariant($"| comment update | {update.Seconds:F3} | {update.PeakMiB:F0} | {calls:F1} | 0.63 to 0.98 s, 151 MiB, 3 calls |"));
        await report.WriteLineAsync(FormattableString.Invariant($"\nMedians of {Runs} after a warm-up; the binary has {size:F1} MiB."));
        Results.Write("processes", new JsonObject
        {
            ["version"] = new JsonObject { ["seconds"] = version.Seconds, ["peakMiB"] = version.PeakMiB },
            ["commentUpdate"] = new JsonObject { ["seconds"] = update.Seconds, ["peakMiB"] = update.PeakMiB, ["calls"] = calls },
            ["binaryMiB"] = size,
        });
    }

    private static string Markdown(TemporaryFolder folder, int round) =>
        folder.Write("report.md", $"**bench: round {round.ToString(CultureInfo.InvariantCulture)}.**\n\n{string.Concat(Enumerable.Repeat("| row | 1.0 |\n", 200))}");

    // A pull request as a person would make one: two pushes and a click.
    internal static (int Number, string Head) OpenPullRequest(GitHubSimulator forge, string clone)
    {
        forge.CreateRepository("acme/bench");
        var token = forge.AddToken("ada");
        Git(".", "clone", "--quiet", forge.GitUrl("acme/bench").Replace("://", $"://x-access-token:{token}@", StringComparison.Ordinal), clone);
        Git(clone, "commit", "--quiet", "--allow-empty", "-m", "one");
        Git(clone, "push", "--quiet", "origin", "HEAD:refs/heads/main");
        File.WriteAllText(Path.Combine(clone, "a.txt"), "a");
        Git(clone, "add", "--all");
        Git(clone, "commit", "--quiet", "-m", "two");
        Git(clone, "push", "--quiet", "origin", "HEAD:refs/heads/work");
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        client.DefaultRequestHeaders.UserAgent.ParseAdd("bench/1.0");
        using var body = new StringContent("""{"title":"work","head":"work","base":"main"}""", System.Text.Encoding.UTF8, "application/json");
        using var response = client.PostAsync(forge.ApiUrl.AbsoluteUri + "/repos/acme/bench/pulls", body).Result;
        var pull = JsonNode.Parse(response.EnsureSuccessStatusCode().Content.ReadAsStringAsync().Result)!;
        return ((int)pull["number"]!, (string)pull["head"]!["sha"]!);
    }

    internal static Dictionary<string, string> Environment(GitHubSimulator forge, (int Number, string Head) pull, string folder)
    {
        var payload = Path.Combine(folder, "event.json");
        File.WriteAllText(payload, new JsonObject
        {
            ["pull_request"] = new JsonObject
            {
                ["number"] = pull.Number,
                ["head"] = new JsonObject { ["sha"] = pull.Head, ["ref"] = "work", ["repo"] = new JsonObject { ["full_name"] = "acme/bench" } },
                ["base"] = new JsonObject { ["ref"] = "main", ["repo"] = new JsonObject { ["full_name"] = "acme/bench" } },
            },
        }.ToJsonString());
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GITHUB_ACTIONS"] = "true", ["CI"] = "true", ["GITHUB_API_URL"] = forge.ApiUrl.AbsoluteUri,
            ["GITHUB_SERVER_URL"] = forge.ServerUrl.AbsoluteUri.TrimEnd('/'), ["GITHUB_REPOSITORY"] = "acme/bench",
            ["GITHUB_TOKEN"] = forge.JobToken, ["GITHUB_SHA"] = pull.Head, ["GITHUB_REF"] = $"refs/pull/{pull.Number}/merge",
            ["GITHUB_EVENT_NAME"] = "pull_request", ["GITHUB_EVENT_PATH"] = payload, ["GITHUB_RUN_ID"] = "1", ["GITHUB_RUN_ATTEMPT"] = "1",
        };
    }

    private static void Git(string folder, params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var role in new[] { "AUTHOR", "COMMITTER" })
            (start.Environment[$"GIT_{role}_NAME"], start.Environment[$"GIT_{role}_EMAIL"]) = ("Ada", "ada@acme.example");
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = System.Diagnostics.Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error}");
    }
}
