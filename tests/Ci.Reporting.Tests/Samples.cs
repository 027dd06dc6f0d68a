using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Ci.Evaluation;

namespace Ci.Reporting.Tests;

/// <summary>
/// Reports to render. The energy-load one holds measured figures: a linear model and boosted trees on 5,088 hours of Italian
/// electricity load in 2020, with moving-block bootstrap intervals.
/// </summary>
internal static class Samples
{
    public static Report EnergyLoad => Report.Read(Bytes("energy-load.report.json"));

    public static byte[] Bytes(string name, [CallerFilePath] string here = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "Samples", name));

    /// <summary>A check that found everything there is to find: the document of tests/Fixtures/data-checks.</summary>
    public static DataCheck FailedCheck => DataCheck.Read(File.ReadAllBytes(Ci.Testing.RepositoryRoot.At("tests", "Fixtures", "data-checks", "data-check.json")));

    public static JsonObject Json => JsonNode.Parse(Bytes("energy-load.report.json"))!.AsObject();

    public static Report Classification => EnergyLoad with
    {
        Task = "multiclass",
        Outcome = Outcome.Pass,
        Model = EnergyLoad.Model with { Name = "wine" },
        Data = new ReportData { Path = "data/test.csv", Rows = 54, Split = "random, seed 42", TrainingRows = 124, RowsAlsoInTraining = 0 },
        Gates =
        [
            new ReportGate { Name = "accuracy", Metric = "accuracy", Rule = "not lower by more than 0.05", Direction = "higher", Candidate = 0.9444, Baseline = 0.9074, Difference = 0.037, Low = -0.019, High = 0.093, Level = 0.95, Outcome = Outcome.Pass },
        ],
        Unit = null,
        Target = "cultivar",
        Baseline = new ReportBaseline { Label = "live v3" },
        Slices = null,
        Metrics =
        [
            new ReportMetric { Name = "accuracy", Direction = "higher", Candidate = new(0.9444, 0.8846, 0.9815, 0.95), Baseline = new(0.9074, 0.8333, 0.9630, 0.95) },
            new ReportMetric { Name = "logloss", Direction = "lower", Candidate = new(0.1832, 0.11, 0.27, 0.95), Baseline = new(0.2611, 0.17, 0.36, 0.95) },
        ],
        Series = new ReportSeries
        {
            Confusion = new ReportConfusion { Labels = ["Barolo", "Grignolino", "Barbera"], Counts = [17, 1, 0, 1, 20, 1, 0, 0, 14] },
            Calibration = new ReportCalibration
            {
                Candidate = [new(0.06, 0.04, 0.01, 0.12, 70), new(0.24, 0.31, 0.14, 0.55, 16), new(0.52, 0.55, 0.28, 0.79, 11), new(0.77, 0.72, 0.52, 0.86, 25), new(0.96, 0.97, 0.87, 0.99, 40)],
                Baseline = [new(0.09, 0.03, 0.01, 0.11, 66), new(0.27, 0.12, 0.03, 0.34, 17), new(0.49, 0.64, 0.35, 0.85, 11), new(0.72, 0.9, 0.72, 0.97, 28), new(0.93, 0.98, 0.89, 0.99, 40)],
            },
        },
    };
}
