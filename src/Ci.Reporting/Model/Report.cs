using System.Text.Json;
using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>
/// <c>report.json</c>: everything that a report shows, as data. A trusted job renders it again from this alone, so nothing in here
/// is markup, and <see cref="Read"/> is strict and bounded. What it may leave out is set again when it is null: the JSON source generator
/// sets every init-only property, absent ones to null, whatever their initializer says (dotnet/runtime#58770).
/// </summary>
public sealed record Report
{
    public const string CurrentSchema = "mlops.report/v1";

    /// <summary>Bytes that a report may have.</summary>
    public const int MostBytes = 4 << 20;

    public string Schema { get; init => field = value ?? ""; } = CurrentSchema;

    public required Outcome Outcome { get; init; }

    /// <summary>"regression", "binary" or "multiclass".</summary>
    public required string Task { get; init; }

    public string? Target { get; init; }

    public string? Unit { get; init; }

    public required ReportModel Model { get; init; }

    /// <summary>Null where nothing was live to compare with.</summary>
    public ReportBaseline? Baseline { get; init; }

    /// <summary>Why there is no baseline, in words; null where there is one, or nobody looked.</summary>
    public string? NoBaseline { get; init; }

    public required ReportData Data { get; init; }

    public IReadOnlyList<ReportGate> Gates { get; init => field = value ?? []; } = [];

    /// <summary>The change of the metric that decides, over all rows; null where nothing was compared.</summary>
    public ReportGate? Deciding { get; init; }

    public IReadOnlyList<ReportMetric> Metrics { get; init => field = value ?? []; } = [];

    public ReportSlices? Slices { get; init; }

    public ReportSeries Series { get; init => field = value ?? new(); } = new();

    /// <summary>The pipeline's own plots.</summary>
    public IReadOnlyList<ReportPlot> Plots { get; init => field = value ?? []; } = [];

    /// <summary>Plots that were asked for and did not fit.</summary>
    public int PlotsLeftOut { get; init; }

    /// <summary>What the check of the data found; null where none was given. The verdict does not rest on it.</summary>
    public ReportDataCheck? DataCheck { get; init; }

    public ReportLatency? Latency { get; init; }

    public IReadOnlyList<ReportParameter> Parameters { get; init => field = value ?? []; } = [];

    public required ReportLineage Lineage { get; init; }

    /// <summary>Gates as readers want them: what is wrong first, then what is open, then what is well, then what waits for a baseline.</summary>
    internal IEnumerable<ReportGate> SortedGates => this.Gates.OrderBy(gate => gate.Outcome switch
    {
        _ when gate.Skipped => 3,
        Outcome.Regress => 0,
        Outcome.Inconclusive => 1,
        _ => 2,
    });

    /// <summary>The candidate is the very file that is live, and nothing is wrong: one line says it all.</summary>
    internal bool IsUnchanged =>
        this.Outcome == Outcome.Pass && this.Baseline?.Sha256 == this.Model.Sha256 && (this.DataCheck is null || this.DataCheck.Outcome == CheckOutcome.Pass);

    internal string BaselineLabel => this.Baseline?.Label ?? "baseline";

    /// <summary>Reads and checks a report. Throws <see cref="ReportException"/>, whose message lists everything that is wrong.</summary>
    public static Report Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MostBytes)
            throw new ReportException($"the report has {Numbers.Bytes(json.Length)}; at most {Numbers.Bytes(MostBytes)} are read");
        try
        {
            RefuseNullItems(json);
            var report = JsonSerializer.Deserialize(json, ReportJson.Default.Report)
                ?? throw new ReportException("the report is JSON null; expected an object");
            ReportRules.Check(report);
            return report;
        }
        catch (JsonException error)
        {
            throw new ReportException($"not a report: {PlainText.Clean(JsonProblem.Words(error))}", error);
        }
    }

    private static void RefuseNullItems(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
        using var document = JsonDocument.ParseValue(ref reader);
        if (NullItems.First(document.RootElement) is { } place)
            throw new ReportException($"not a report: {PlainText.Clean(place, 80)} is null; the items of a list may not be");
    }

    /// <summary>The document as UTF-8 JSON, indented, ending in a line feed.</summary>
    public byte[] ToBytes()
    {
        ReportRules.Check(this);
        return [.. JsonSerializer.SerializeToUtf8Bytes(this, ReportJson.Default.Report), (byte)'\n'];
    }
}
