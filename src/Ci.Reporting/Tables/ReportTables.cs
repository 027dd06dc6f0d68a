using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>The tables of a report.</summary>
internal static class ReportTables
{
    public static ReportTable Gates(Report report)
    {
        var compared = report.Gates.Any(gate => gate.Baseline is not null || gate.Difference is not null);
        List<(string, bool)> columns = [("outcome", false), ("gate", false), ("candidate", true)];
        if (compared)
            columns.AddRange([(PlainText.Clean(report.BaselineLabel), true), ("difference", false)]);
        return new ReportTable(columns, [.. report.SortedGates.Select(gate => GateRow(gate, compared))]);
    }

    /// <summary>How the differences' intervals were found; null where none was.</summary>
    public static string? GateNote(Report report)
    {
        var tested = report.Gates.Where(gate => gate is { Difference: not null, Low: not null, Level: not null }).ToList();
        if (tested.Count == 0)
            return null;
        var levels = tested.Select(gate => Numbers.Level(gate.Level!.Value)).Distinct(StringComparer.Ordinal).ToList();
        var tests = tested.Select(gate => gate.Test).OfType<string>().Where(test => test.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        return $"Intervals of differences at {string.Join(", ", levels)}{(tests.Count > 0 ? ": " + string.Join("; ", tests) : "")}.";
    }

    public static ReportTable Metrics(Report report)
    {
        var compared = report.Metrics.Any(metric => metric.Baseline is not null);
        List<(string, bool)> columns = [("metric", false), ("candidate", true)];
        if (compared)
            columns.Add((PlainText.Clean(report.BaselineLabel), true));
        columns.Add(("better is", false));
        return new ReportTable(columns, [.. report.Metrics.Select(metric => (IReadOnlyList<Cell>)
        [
            new Cell(MetricName.Of(metric.Name), CellKind.Strong),
            Cell.Of(metric.Candidate, metric.Unit),
            .. compared ? [Cell.Of(metric.Baseline, metric.Unit)] : Array.Empty<Cell>(),
            new Cell(metric.Direction ?? "nearer to 0", CellKind.Muted),
        ])]);
    }

    /// <summary>How the metrics' own intervals were found; null where that is not said.</summary>
    public static string? MetricNote(Report report) =>
        report.Metrics.Select(metric => metric.Candidate.Method).FirstOrDefault(method => !string.IsNullOrEmpty(method)) is { } found
            ? $"Intervals{(report.Metrics[0].Candidate.Level is { } level ? $" at {Numbers.Level(level)}" : "")}: {found}."
            : null;

    public static ReportTable Slices(Report report, ReportSlices slices)
    {
        var compared = slices.Rows.Any(slice => slice.Baseline is not null);
        List<(string, bool)> columns = [("slice", false), ("rows", true), ($"{MetricName.Of(slices.Metric)}, candidate", true)];
        if (compared)
            columns.AddRange([(PlainText.Clean(report.BaselineLabel), true), ("difference", false)]);
        return new ReportTable(columns, [.. slices.Rows.Select(slice => (IReadOnlyList<Cell>)
        [
            new Cell(slice.Name),
            new Cell(Numbers.Count(slice.Rows), Sort: slice.Rows),
            Cell.Of(slice.Candidate, slices.Unit),
            .. compared ? [Cell.Of(slice.Baseline, slices.Unit), Cell.Of(slice.Difference is null ? null : SlicesFigure.ChangeOf(slice, slices))] : Array.Empty<Cell>(),
        ])]);
    }

    public static ReportTable Data(ReportData data) => ReportTable.Facts(
    [
        ("evaluation data", new Cell(data.Path ?? "", CellKind.Code)),
        ("rows", new Cell(Numbers.Count(data.Rows))),
        ("span", new Cell(data.From is null || data.To is null ? "" : $"{data.From} to {data.To}")),
        ("split", new Cell(data.Split ?? "")),
        ("SHA-256", new Cell(data.Sha256 ?? "", CellKind.Code)),
        ("training data", new Cell(data.TrainingPath ?? "", CellKind.Code)),
        ("training rows", new Cell(data.TrainingRows is { } rows ? Numbers.Count(rows) : "")),
        ("training SHA-256", new Cell(data.TrainingSha256 ?? "", CellKind.Code)),
    ]);

    public static ReportTable Model(Report report) => ReportTable.Facts(
    [
        ("model", new Cell(report.Model.Name)),
        ("SHA-256", new Cell(report.Model.Sha256, CellKind.Code)),
        ("size", new Cell(report.Model.Bytes > 0 ? Numbers.Bytes(report.Model.Bytes) : "")),
        ("operator sets", new Cell(string.Join(", ", report.Model.Opsets) + (report.Model.IrVersion is { } ir ? $" (IR version {ir})" : ""))),
        ("producer", new Cell(report.Model.Producer ?? "")),
        ("nodes, parameters", new Cell(report.Model.Nodes is { } nodes ? Numbers.Count(nodes, "node") + (report.Model.Parameters is { } p ? ", " + Numbers.Count(p, "parameter") : "") : "")),
        ("inputs", new Cell(string.Join("; ", report.Model.Inputs), CellKind.Code)),
        ("outputs", new Cell(string.Join("; ", report.Model.Outputs), CellKind.Code)),
        ("latency", new Cell(report.Latency is { } l ? $"p50 {Numbers.Short(l.P50Ms)} ms, p95 {Numbers.Short(l.P95Ms)} ms for {Numbers.Count(l.Batch, "row")} a call ({Numbers.Count(l.Runs, "run")})" : "")),
        ("measured on", new Cell(report.Latency?.Machine ?? "")),
    ]);

    /// <summary>Parameters, those that changed first.</summary>
    public static ReportTable Parameters(Report report)
    {
        var compared = report.Parameters.Any(parameter => parameter.Baseline is not null);
        List<(string, bool)> columns = [("parameter", false), ("candidate", false)];
        if (compared)
            columns.Add((PlainText.Clean(report.BaselineLabel), false));
        var rows = report.Parameters.OrderBy(p => compared && p.Baseline != p.Candidate ? 0 : 1).ThenBy(p => p.Name, StringComparer.Ordinal);
        return new ReportTable(columns, [.. rows.Select(p => (IReadOnlyList<Cell>)
        [
            new Cell(p.Name, CellKind.Code),
            new Cell(p.Candidate, CellKind.Code),
            .. compared ? [p.Baseline is null ? Cell.None : new Cell(p.Baseline, p.Baseline == p.Candidate ? CellKind.Muted : CellKind.Code)] : Array.Empty<Cell>(),
        ])]);
    }

    public static ReportTable Lineage(Report report) => ReportTable.Facts(
    [
        ("repository", new Cell(report.Lineage.Repository ?? "")),
        ("commit", new Cell(report.Lineage.Commit ?? "", CellKind.Code)),
        ("branch", new Cell(report.Lineage.Branch ?? "", CellKind.Code)),
        ("candidate", new Cell(report.Model.Sha256, CellKind.Code)),
        ("baseline", new Cell(report.Baseline is null ? "none: " + Foot.WhyNone(report) : Foot.Baseline(report))),
        ("baseline's file", new Cell(report.Baseline?.Sha256 ?? "", CellKind.Code)),
        ("evaluation data", new Cell(report.Data.Sha256 ?? "", CellKind.Code)),
        ("training data", new Cell(report.Data.TrainingSha256 ?? "", CellKind.Code)),
        ("report made", new Cell($"{report.Lineage.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC by mlops {report.Lineage.Version}")),
    ]);

    private static IReadOnlyList<Cell> GateRow(ReportGate gate, bool compared)
    {
        List<string> notes = [];
        if (!string.IsNullOrWhiteSpace(gate.Rule) && gate.Rule != gate.Name)
            notes.Add(gate.Rule);
        if (gate.Outcome != Outcome.Pass && !string.IsNullOrWhiteSpace(gate.Reason))
            notes.Add(gate.Reason);
        var title = gate.Slice is null ? gate.Name : $"{gate.Name} on {gate.Slice}";
        var (rank, word) = gate.Outcome switch
        {
            _ when gate.Skipped => (3, new Cell("waits for a baseline", CellKind.Muted, 3)),
            Outcome.Regress => (0, new Cell("regress", CellKind.Strong, 0)),
            Outcome.Inconclusive => (1, new Cell("inconclusive", CellKind.Plain, 1)),
            _ => (2, new Cell("pass", CellKind.Plain, 2)),
        };
        List<Cell> cells = [word with { Sort = rank }, new Cell(title, Notes: notes), Value(gate.Candidate, gate)];
        if (compared)
            cells.AddRange([Value(gate.Baseline, gate), Cell.Of(gate.Change)]);
        return cells;
    }

    // Values of a compared gate show the digits that its difference supports.
    private static Cell Value(double? value, ReportGate gate) => value is { } number
        ? new Cell(Numbers.WithUnit(gate.Change is { Low: not null } change ? Numbers.Fixed(number, change.Decimals) : Numbers.Round(number), gate.Unit), Sort: number)
        : Cell.None;
}
