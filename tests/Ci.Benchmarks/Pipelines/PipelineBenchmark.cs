using System.Text.Json.Nodes;
using Ci.Benchmarks.Processes;
using Ci.Testing;

namespace Ci.Benchmarks.Pipelines;

/// <summary>
/// The published `mlops` as whole processes on what DVC's users wait for: a pipeline that is up to date, and many small files. DVC's
/// figures stand beside ours as they were recorded (3.67.1, two cores of another machine of the same kind); they are not measured here.
/// </summary>
internal static class PipelineBenchmark
{
    private const int Runs = 5;
    private const int Files = 10_000;
    private const int FileBytes = 2048;

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal) { ["SHELL"] = "/bin/sh" };

    private static string Mlops => RepositoryRoot.At("artifacts", "bin", "mlops");

    public static void Run(TextWriter report)
    {
        if (!File.Exists(Mlops))
            throw new InvalidOperationException($"{Mlops} is missing: run `dotnet run --project build -- publish` first");
        var results = new JsonObject();
        report.WriteLine("| command | wall s | peak MiB | DVC 3.67.1 (recorded) |\n| --- | ---: | ---: | --- |");
        using var folder = new TemporaryFolder();
        foreach (var (stages, recorded) in new[] { (7, "0.72 s, 54 MiB"), (200, "3.25 s, 60 MiB") })
        {
            var project = Chain(folder.Of($"chain{stages}"), stages);
            Mlop(project, "repro");
            Row($"no-op `repro`, {stages} stages", recorded, MeasuredProcess.Median(Runs, () => Mlop(project, "repro")));
        }

        var data = Many(folder.Of("many"), folder.Of("store"));
        Row($"`add` of {Files:N0} files, cold", "3.23 s, 87 MiB", MeasuredProcess.Median(Runs, () => Cold(() => Forget(folder, data), () => Mlop(data, "add", "data"))));
        Row($"`status`, {Files:N0} unchanged files", "0.82 s, 70 MiB", MeasuredProcess.Median(Runs, () => Mlop(data, "status")));
        Row($"`push` of {Files:N0} files to a folder", "3.06 s, 78 MiB", MeasuredProcess.Median(Runs, () => Cold(() => PutAside(folder, folder.Of("store")), () => Mlop(data, "push"))));
        Row("`push`, no-op", "0.60 s, 71 MiB", MeasuredProcess.Median(Runs, () => Mlop(data, "push")));
        report.WriteLine($"\nMedians of {Runs} after a warm-up.");
        Results.Write("pipelines", results);

        void Row(string command, string recorded, (double Seconds, double PeakMiB) measured)
        {
            report.WriteLine(FormattableString.Invariant($"| {command} | {measured.Seconds:F3} | {measured.PeakMiB:F0} | {recorded} |"));
            results[command] = new JsonObject { ["seconds"] = measured.Seconds, ["peakMiB"] = measured.PeakMiB };
        }
    }

    private static (double Seconds, double PeakMiB, int ExitCode) Mlop(string project, params string[] arguments) => MeasuredProcess.Run(Mlops, arguments, Environment, project);

    private static (double Seconds, double PeakMiB, int ExitCode) Cold(Action prepare, Func<(double Seconds, double PeakMiB, int ExitCode)> run)
    {
        prepare();
        return run();
    }

    private static string Chain(string project, int stages)
    {
        Directory.CreateDirectory(project);
        Mlop(project, "init");
        File.WriteAllText(Path.Combine(project, "params.yaml"), string.Concat(Enumerable.Range(0, stages).Select(i => FormattableString.Invariant($"p{i}: {i}\n"))));
        File.WriteAllText(Path.Combine(project, "o0"), "begin\n");
        File.WriteAllText(Path.Combine(project, "dvc.yaml"), "stages:\n" + string.Concat(Enumerable.Range(0, stages).Select(i =>
            FormattableString.Invariant($"  s{i}:\n    cmd: cp o{i} o{i + 1}\n    deps: [o{i}]\n    params: [p{i}]\n    outs: [o{i + 1}]\n"))));
        return project;
    }

    private static string Many(string project, string store)
    {
        Directory.CreateDirectory(project);
        Mlop(project, "init");
        File.WriteAllText(Path.Combine(project, ".dvc", "config"), $"[core]\n    remote = s\n['remote \"s\"']\n    url = {store}\n");
        var random = new Random(1);
        var bytes = new byte[FileBytes];
        for (var i = 0; i < Files; i++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(project, "data", FormattableString.Invariant($"{i / 1000}"))).FullName;
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(folder, FormattableString.Invariant($"{i}.bin")), bytes);
        }

        return project;
    }

    private static void Forget(TemporaryFolder folder, string project)
    {
        PutAside(folder, Path.Combine(project, ".dvc", "cache"));
        PutAside(folder, Path.Combine(project, ".dvc", "tmp"));
        File.Delete(Path.Combine(project, "data.dvc"));
    }

    // Not deleted: ext4 searches long for inodes that were not freed in the last seconds, which would be measured, too.
    private static void PutAside(TemporaryFolder folder, string path)
    {
        if (Directory.Exists(path))
            Directory.Move(path, folder.Of(Guid.NewGuid().ToString("N")));
    }
}
