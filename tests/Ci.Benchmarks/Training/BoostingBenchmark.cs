using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ci.Statistics;
using Ci.Training;
using Ci.Training.Trees;

namespace Ci.Benchmarks.Training;

/// <summary>
/// Boosted trees against scikit-learn and XGBoost: the same prepared CSV, like parameters, in one run. Arguments: train.csv test.csv
/// (made by the energy-load template's prepare.mjs when none are named), then optionally threads and repeats.
/// </summary>
internal static class BoostingBenchmark
{
    private const string Python = "/usr/bin/python3";

    public static int Run(string[] arguments)
    {
        var (train, test) = arguments.Length >= 2 ? (arguments[0], arguments[1]) : Prepare();
        var threads = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        var repeats = arguments.Length > 3 ? int.Parse(arguments[3], CultureInfo.InvariantCulture) : 3;
        var (trainSet, testSet) = (Read(train), Read(test));
        Console.WriteLine($"{trainSet.Rows} rows to train on, {testSet.Rows} to test on, {trainSet.Features.Count} features, {threads} threads, best of {repeats}");
        Console.WriteLine("iterations  tool                   seconds   RMSE MW   time ours/theirs   RMSE ours/theirs");
        foreach (var iterations in (int[])[100, 500])
        {
            var (seconds, rmse) = Ours(trainSet, testSet, iterations, threads, repeats);
            Console.WriteLine($"{iterations,10}  {"mlops",-20} {seconds,9:0.00} {rmse,9:0}");
            foreach (var line in Theirs(train, test, iterations, threads, repeats))
            {
                using var other = JsonDocument.Parse(line);
                var tool = $"{other.RootElement.GetProperty("tool").GetString()} {other.RootElement.GetProperty("version").GetString()}";
                var theirSeconds = other.RootElement.GetProperty("seconds").GetDouble();
                var theirRmse = other.RootElement.GetProperty("rmse").GetDouble();
                Console.WriteLine($"{iterations,10}  {tool,-20} {theirSeconds,9:0.00} {theirRmse,9:0} {seconds / theirSeconds,18:0.00} {rmse / theirRmse,18:0.000}");
            }
        }

        return 0;
    }

    private static (double Seconds, double Rmse) Ours(TrainingSet train, TrainingSet test, int iterations, int threads, int repeats)
    {
        var trainer = new BoostedTreesTrainer(new BoostedTreesSettings { Iterations = iterations });
        var best = double.PositiveInfinity;
        TrainedModel model = null!;
        for (var i = 0; i < repeats; i++)
        {
            var watch = Stopwatch.StartNew();
            model = trainer.Train(train, new TrainingContext { Threads = threads });
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        return (best, RegressionMetrics.Rmse(test.Target, model.Predict(test)));
    }

    private static string[] Theirs(string train, string test, int iterations, int threads, int repeats)
    {
        var script = Path.Combine(Root(), "tests", "Ci.Benchmarks", "Training", "boosting.py");
        return RunProcess(Python, Root(), script, train, test, $"{iterations}", $"{threads}", $"{repeats}")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static (string Train, string Test) Prepare()
    {
        var template = Path.Combine(Root(), "templates", "energy-load");
        var folder = Path.Combine(Root(), "artifacts", "benchmarks", "energy-load");
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        foreach (var file in (string[])["prepare.mjs", "data/it-load-hourly.csv.gz"])
            File.Copy(Path.Combine(template, file), Path.Combine(folder, file), overwrite: true);
        RunProcess("node", folder, "prepare.mjs");
        return (Path.Combine(folder, "data", "train.csv"), Path.Combine(folder, "data", "test.csv"));
    }

    private static TrainingSet Read(string path)
    {
        using var reader = new StreamReader(path);
        return TrainingSet.From(Table.ReadCsv(reader, path), "load", ["time"]);
    }

    private static string RunProcess(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ci.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Ci.sln was not found above the benchmark's binaries");
    }
}
