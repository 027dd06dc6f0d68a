using System.Text.Json.Nodes;
using Ci.Statistics.Tests;

namespace Ci.Benchmarks.Statistics;

/// <summary>How often nominal 95 % intervals hold the truth, for the statistics that gates use and errors like those that models make.</summary>
internal static class CoverageBenchmark
{
    private const int Worlds = 1_000;
    private const int Rows = 5_000;
    private const int Resamples = 500;

    public static void Run(TextWriter output)
    {
        output.WriteLine($"Intervals at a nominal 95 %: {Worlds} worlds of {Rows} rows a process, {Resamples} resamples. Δ is the paired difference of two equal");
        output.WriteLine("models; an alarm is an interval of Δ wholly above 0 (nominal 2.5 %). One standard error of a coverage is 0.7 points, of an alarm rate 0.5.");
        output.WriteLine();
        output.WriteLine("| errors | statistic | coverage, % | mean width | alarms, % |");
        output.WriteLine("| --- | --- | ---: | ---: | ---: |");
        var results = new JsonArray();
        foreach (var process in ErrorProcess.All)
        {
            foreach (var c in new CoverageSimulation(process, Rows, Resamples).Run(Worlds))
            {
                var alarms = c.Statistic.StartsWith('Δ') ? $"{100 * c.Above:0.0}" : "";
                output.WriteLine($"| {process.Name} | {c.Statistic} | {100 * c.Covered:0.0} | {c.Width:0.0000} | {alarms} |");
                results.Add((JsonNode)new JsonObject
                {
                    ["errors"] = process.Name,
                    ["statistic"] = c.Statistic,
                    ["covered"] = c.Covered,
                    ["above"] = c.Above,
                    ["below"] = c.Below,
                    ["width"] = c.Width,
                });
            }
        }

        Results.Write("coverage", results);
    }
}
