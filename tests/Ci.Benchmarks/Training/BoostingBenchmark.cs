using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ci.Statistics;
using Ci.Training;
using Ci.Training.Trees;

namespace Ci.Benchmarks.Training;

/// <summary>
/// Boosted trees against scikit-learn and XGBoost (Debian's python3-sklearn and python3-xgboost): the rows that the energy-load template
/// prepares, like parameters, one run after the other on the same machine. Fit alone is timed, data already in memory.
/// </summary>
internal static class BoostingBenchmark
{
    private const string Python = "/usr/bin/python3";
    private const int Repeats = 3;

    /// <summary>Arguments: train.csv and test.csv to take instead of the template's.</summary>
    public static int Run(string[] arguments)
    {
        var output = Console.Out;
        var (train, test) = arguments is [var trainFile, var testFile] ? (trainFile, testFile) : Prepare();
        var (trainSet, testSet) = (Read(train), Read(test));
        var threads = Environment.ProcessorCount;
        var results = new JsonArray();
        output.WriteLine($"{trainSet.Rows} rows to train on, {testSet.Rows} to test on, {trainSet.Features.Count} features, {threads} threads, best of {Repeats}");
        output.WriteLine();
        output.WriteLine("| iterations | tool | seconds | RMSE, MW | seconds, ours / theirs | RMSE, ours / theirs |");
        output.WriteLine("| ---: | --- | ---: | ---: | ---: | ---: |");
        foreach (var iterations in (int[])[100, 500])
        {
            var (seconds, rmse) = Ours(trainSet, testSet, iterations, threads);
            output.WriteLine($"| {iterations} | mlops | {seconds:0.00} | {rmse:0} | | |");
            results.Add((JsonNode)Row(iterations, "mlops", seconds, rmse));
            foreach (var line in Theirs(train, test, iterations, threads))
            {
                using var other = JsonDocument.Parse(line);
                var tool = $"{other.RootElement.GetProperty("tool").GetString()} {other.RootElement.GetProperty("version").GetString()}";
                var theirSeconds = other.RootElement.GetProperty("seconds").GetDouble();
                var theirRmse = other.RootElement.GetProperty("rmse").GetDouble();
                output.WriteLine($"| {iterations} | {tool} | {theirSeconds:0.00} | {theirRmse:0} | {seconds / theirSeconds:0.00} | {rmse / theirRmse:0.000} |");
                results.Add((JsonNode)Row(iterations, tool, theirSeconds, theirRmse));
            }
        }

        var file = Path.Combine(Root(), "artifacts", "bench", "training.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, results.ToString());
        return 0;
    }

    private static JsonObject Row(int iterations, string tool, double seconds, double rmse) =>
        new() { ["iterations"] = iterations, ["tool"] = tool, ["seconds"] = seconds, ["rmse"] = rmse };

    private static (double Seconds, double Rmse) Ours(TrainingSet train, TrainingSet test, int iterations, int threads)
    {
        var trainer = new BoostedTreesTrainer(new BoostedTreesSettings { Iterations = iterations });
        var best = double.PositiveInfinity;
        TrainedModel model = null!;
        for (var i = 0; i < Repeats; i++)
        {
            var watch = Stopwatch.StartNew();
            model = trainer.Train(train, new TrainingContext { Threads = threads });
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        return (best, RegressionMetrics.Rmse(test.Target, model.Predict(test)));
    }

    private static string[] Theirs(string train, string test, int iterations, int threads)
    {
        var script = Path.Combine(Root(), "tests", "Ci.Benchmarks", "Training", "boosting.py");
        return RunProcess(Python, Root(), script, train, test, $"{iterations}", $"{threads}", $"{Repeats}")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static (string Train, string Test) Prepare()
    {
        var template = Path.Combine(Root(), "templates", "energy-load");
        var folder = Path.Combine(Root(), "artifacts", "bench", "energy-load");
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
