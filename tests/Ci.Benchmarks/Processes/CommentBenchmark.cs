using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Testing;
using Ci.Testing.Forge;

namespace Ci.Benchmarks.Processes;

/// <summary>
/// What it costs to bring a comment up to date and to find it unchanged: the published `mlops` as whole processes against the forge
/// simulator on this machine. The real CML runs beside it where the environment variable CML names it; else its recorded figures stand
/// there (0.20.6, another machine of the same kind).
/// </summary>
internal static class CommentBenchmark
{
    private const int Runs = 15;

    private static string Mlops => RepositoryRoot.At("artifacts", "bin", "mlops");

    private static string? Cml => System.Environment.GetEnvironmentVariable("CML") is { Length: > 0 } path ? path : null;

    public static async Task RunAsync(TextWriter report)
    {
        if (!File.Exists(Mlops))
            throw new InvalidOperationException($"{Mlops} is missing: run `dotnet run --project build -- publish` first");
        using var folder = new TemporaryFolder();
        await using var forge = await GitHubSimulator.StartAsync(folder.Of("forge"));
        var environment = ProcessBenchmark.Environment(forge, ProcessBenchmark.OpenPullRequest(forge, folder.Of("clone")), folder.Path);
        await report.WriteLineAsync("| comment | wall s | CPU s | peak MiB | calls |\n| --- | ---: | ---: | ---: | ---: |");
        var ours = Measure(report, "update", forge, round => MeasuredProcess.Measure(Mlops, ["comment", "update", Markdown(folder, round), "--key", "bench"], environment, folder.Path));
        Measure(report, "unchanged", forge, _ => MeasuredProcess.Measure(Mlops, ["comment", "update", Markdown(folder, 0), "--key", "same"], environment, folder.Path));
        if (Cml is { } cml)
        {
            var theirs = Measure(report, "update by CML", forge, round => MeasuredProcess.Measure(cml, ["comment", "update", Markdown(folder, round)], environment, folder.Of("clone")));
            await report.WriteLineAsync(FormattableString.Invariant($"\nCML takes {theirs.Seconds / ours.Seconds:F1} × the time and {theirs.PeakMiB / ours.PeakMiB:F1} × the memory."));
        }
        else
        {
            await report.WriteLineAsync("| update by CML (recorded) | 0.63 to 0.98 | | 151 | 3 |");
            await report.WriteLineAsync(FormattableString.Invariant($"\nCML takes {0.63 / ours.Seconds:F1} to {0.98 / ours.Seconds:F1} × the time and {151 / ours.PeakMiB:F1} × the memory, and 260 npm packages."));
        }

        await report.WriteLineAsync(FormattableString.Invariant($"Medians of {Runs} after a warm-up. Goals: 0.12 s, 45 MiB, 2 calls."));
        Results.Write("comments", new JsonObject { ["seconds"] = ours.Seconds, ["cpuSeconds"] = ours.CpuSeconds, ["peakMiB"] = ours.PeakMiB });
    }

    private static Measured Measure(TextWriter report, string what, GitHubSimulator forge, Func<int, Measured> run)
    {
        run(0);
        forge.Clear();
        var result = Measured.Median(Enumerable.Range(1, Runs).Select(run));
        report.WriteLine(FormattableString.Invariant($"| {what} | {result.Seconds:F3} | {result.CpuSeconds:F3} | {result.PeakMiB:F0} | {forge.Requests.Count / (double)Runs:F1} |"));
        return result;
    }

    private static string Markdown(TemporaryFolder folder, int round) =>
        folder.Write("report.md", $"**bench: round {round.ToString(CultureInfo.InvariantCulture)}.**\n\n{string.Concat(Enumerable.Repeat("| row | 1.0 |\n", 200))}");
}
