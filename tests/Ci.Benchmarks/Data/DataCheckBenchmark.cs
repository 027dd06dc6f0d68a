using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Benchmarks.Processes;
using Ci.Testing;

namespace Ci.Benchmarks.Data;

/// <summary>
/// The published `mlops` on tables of growing size, as whole processes: rows a second and peak memory of schema, check (rules, uniqueness, drift) and
/// split. Beside it, where it is installed, pandas merely reading the same table.
/// </summary>
internal static class DataCheckBenchmark
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private static string Mlops => RepositoryRoot.At("artifacts", "bin", "mlops");

    public static void Run(TextWriter report)
    {
        if (!File.Exists(Mlops))
            throw new InvalidOperationException($"{Mlops} is missing: run `dotnet run --project build -- publish` first");
        using var folder = new TemporaryFolder();
        var results = new JsonArray();
        report.WriteLine("| rows | MB | what | wall s | rows/s | peak MiB |\n| ---: | ---: | --- | ---: | ---: | ---: |");
        foreach (var rows in (int[])[1_000_000, 4_000_000])
        {
            Write(folder.Of("table.csv"), rows, seed: 1);
            Write(folder.Of("reference.csv"), 1_000_000, seed: 2);
            var megabytes = new FileInfo(folder.Of("table.csv")).Length / 1e6;
            Measure("schema", 1, "data", "schema", "table.csv", "--out", "schema.yaml", "--force");
            Measure("check, rules", 1, "data", "check", "table.csv", "--schema", "schema.yaml");
            Measure("check, rules and drift from 1,000,000 rows", 1, "data", "check", "table.csv", "--schema", "schema.yaml", "--reference", "reference.csv", "--no-fail");
            Measure("split, random", 1, "data", "split", "table.csv", "--out", "parts", "--by", "random");
            Measure("split, chronological", 1, "data", "split", "table.csv", "--out", "parts", "--by", "chronological", "--column", "time");
            if (HasPandas(folder.Path))
                Add("pandas.read_csv and nothing else", MeasuredProcess.Run("/usr/bin/python3", ["-c", "import pandas; pandas.read_csv('table.csv')"], NoVariables, folder.Path));

            void Measure(string what, int runs, params string[] arguments) =>
                Add(what, Enumerable.Range(0, runs).Select(_ => MeasuredProcess.Run(Mlops, arguments, NoVariables, folder.Path)).MinBy(run => run.Seconds));

            void Add(string what, (double Seconds, double PeakMiB, int ExitCode) run)
            {
                report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {rows:#,0} | {megabytes:0} | {what} | {run.Seconds:0.00} | {rows / run.Seconds:#,0} | {run.PeakMiB:0} |"));
                results.Add((JsonNode)new JsonObject { ["rows"] = rows, ["megabytes"] = Math.Round(megabytes), ["what"] = what, ["seconds"] = run.Seconds, ["peakMiB"] = run.PeakMiB });
            }
        }

        report.WriteLine("\nTen columns a row: key, time, category, five numbers, code, note; single runs.");
        Results.Write("data-check", results);
    }

    private static bool HasPandas(string folder)
    {
        try
        {
            return File.Exists("/usr/bin/python3") && MeasuredProcess.Run("/usr/bin/python3", ["-c", "import pandas"], NoVariables, folder).ExitCode == 0;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Write(string path, int rows, int seed)
    {
        var random = new Random(seed);
        var start = new DateTime(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        writer.WriteLine("id,time,station,temperature,humidity,load,flag,wind,code,note");
        for (var i = 0; i < rows; i++)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{i},{start.AddSeconds(i):yyyy-MM-ddTHH:mm:ssZ},{"NESW"[random.Next(4)]},{(random.NextDouble() * 40) - 10:0.00},{random.NextDouble() * 100:0.0},{20_000 + (random.NextDouble() * 30_000):0.0},{random.Next(5) / 4},{random.NextDouble() * 30:0.000},AB{random.Next(100_000)},row {i} of the table"));
        }
    }
}
