using Ci.Benchmarks.Processes;
using Ci.Testing;

namespace Ci.Benchmarks.Pipelines;

/// <summary>
/// The published `mlops` as whole processes on what DVC's users wait for: pipelines that are up to date, and many or large files. DVC's
/// figures stand beside ours as they were recorded (3.67.1, two cores of another machine of the same kind); where the environment variable
/// DVC names the real tool, it runs on the same project in the same run. With <c>full</c> also 100,000 files and one of 2 GB.
/// </summary>
internal static class PipelineBenchmark
{
    private const int Runs = 5;
    private const int FullRuns = 3;
    private const long LargeBytes = 2_000_000_000;

    public static void Run(TextWriter report, string[] arguments)
    {
        if (!File.Exists(BenchmarkTools.Mlops))
            throw new InvalidOperationException($"{BenchmarkTools.Mlops} is missing: run `dotnet run --project build -- publish` first");
        if (arguments.FirstOrDefault(a => a != "full") is { } unknown)
            throw new InvalidOperationException($"unknown argument {unknown}; there is `full`");
        var isFull = arguments.Length > 0;
        using var folder = new TemporaryFolder();
        var table = new BenchmarkTable(report, BenchmarkTools.Dvc);
        foreach (var (stages, repro, status, diff) in new[] { (7, "0.72 s, 54 MiB", "0.56 s, 46 MiB", "0.60 s, 51 MiB"), (200, "3.25 s, 60 MiB", "1.97 s, 51 MiB", "1.34 s, 56 MiB") })
            Stages(table, new BenchmarkProject(folder.Of($"chain{stages}")), stages, repro, status, diff);
        Files(table, folder, 10_000, Runs, "3.23 s, 87 MiB", "0.82 s, 70 MiB", "3.06 s, 78 MiB", "0.60 s, 71 MiB");
        if (isFull)
        {
            Files(table, folder, 100_000, FullRuns, "33.3 s, 339 MiB", "4.48 s, 243 MiB", null, null);
            Large(table, new BenchmarkProject(folder.Of("large")));
        }

        report.WriteLine($"\nMedians of {Runs} ({FullRuns} of 100,000 files and of 2 GB) after a warm-up; ratios are of these. *md5sum* and *cp* ran in turn with ours on the same files.");
        Results.Write("pipelines", table.Results);
    }

    private static void Stages(BenchmarkTable table, BenchmarkProject project, int stages, string repro, string status, string diff)
    {
        project.WriteChain(stages);
        project.Mlops("repro");
        project.Git("init", "--quiet");
        project.Git("add", "--all");
        project.Git("commit", "--quiet", "--message", "one");
        project.ChangeMetric();
        project.Git("commit", "--quiet", "--all", "--message", "two");
        table.Row($"no-op `repro`, {stages} stages", repro, Runs, () => project.Mlops("repro"), () => project.Peer("repro"));
        table.Row($"`status`, {stages} stages", status, Runs, () => project.Mlops("status"), () => project.Peer("status"));
        table.Row($"`metrics diff HEAD~1 HEAD`, {stages} stages", diff, Runs, () => project.Mlops("metrics", "diff", "HEAD~1", "HEAD"), () => project.Peer("metrics", "diff", "HEAD~1", "HEAD"));
    }

    private static void Files(BenchmarkTable table, TemporaryFolder folder, int files, int runs, string add, string status, string? push, string? idle)
    {
        var project = new BenchmarkProject(folder.Of($"many{files}"));
        project.WriteFiles(files);
        var peer = BenchmarkTools.Dvc is null ? null : project.Copy(folder.Of($"peer{files}"));
        table.Row($"`add` of {files:N0} files, cold", add, runs, () => project.Cold(["add", "data"]), () => peer!.ColdPeer(["add", "data"]));
        table.Row($"`status`, {files:N0} unchanged files", status, runs, () => project.Mlops("status"), () => peer!.Peer("status"));
        if (push is null || idle is null)
            return;
        table.Row($"`push` of {files:N0} files to a folder", push, runs, () => project.ColdPush(p => p.Mlops("push")), () => peer!.ColdPush(p => p.Peer("push")));
        table.Row("`push`, no-op", idle, runs, () => project.Mlops("push"), () => peer!.Peer("push"));
        table.Row($"`checkout` of {files:N0} files", "9 to 15 s, 79 MiB", runs, () => project.WithoutData(p => p.Mlops("checkout")), () => peer!.WithoutData(p => p.Peer("checkout")), "cp -r", project.CopyData);
    }

    private static void Large(BenchmarkTable table, BenchmarkProject project)
    {
        project.WriteLarge(LargeBytes);
        table.Row("`add` of one 2 GB file", "10.4 s, 57 MiB", FullRuns, () => project.Cold(["add", "large.bin"]), () => project.ColdPeer(["add", "large.bin"]), "md5sum", () => project.Tool("md5sum", "large.bin"));
    }
}
