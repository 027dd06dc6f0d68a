using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>The one line that says it all, in two parts: the verdict to print bold, and what it rests on. Plain text.</summary>
public sealed record Headline(string Verdict, string Detail)
{
    public override string ToString() => $"{this.Verdict} {this.Detail}";

    /// <summary>The line for a report; the same words in comment, page, check and terminal.</summary>
    public static Headline Of(Report report)
    {
        var gate = DecidingGate(report);
        var change = gate?.Change;
        var sentences = new List<string>();
        if (gate?.Candidate is { } value)
            sentences.Add(Deciding(report, gate, value, change));
        else if (report.Metrics.Count > 0)
            sentences.Add(Measured(report, report.Metrics[0].Name, report.Metrics[0].Candidate, report.Metrics[0].Unit) + ".");
        sentences.Add(GateCount(report.Gates));
        return new Headline($"{PlainText.Clean(report.Model.Name)}: {Word(report, change)}.", string.Join(" ", sentences));
    }

    /// <summary>What the line quotes: the metric that decides, but where a gate regresses, that gate.</summary>
    internal static ReportGate? DecidingGate(Report report) =>
        report.Outcome != Outcome.Regress && report.Deciding is { } deciding ? deciding : FirstGate(report);

    private static ReportGate? FirstGate(Report report) => report.Gates
        .OrderBy(gate => report.Outcome == Outcome.Regress && gate.Outcome != Outcome.Regress ? 1 : 0)
        .ThenBy(gate => gate.Slice is null ? 0 : 1)
        .ThenBy(gate => gate.Difference is null ? 1 : 0)
        .FirstOrDefault();

    private static string Word(Report report, Change? change) => report.Outcome switch
    {
        Outcome.Regress => change is { IsWorse: true } ? "worse" : "fails a gate",
        Outcome.Inconclusive when change is not { IsBetter: true } => "inconclusive",
        _ when report.IsUnchanged => "unchanged",
        _ when report.Baseline is null && report.Outcome == Outcome.Pass => "passes, the first model",
        _ when change is { IsBetter: true } => "better",
        _ => "not worse",
    };

    private static string Deciding(Report report, ReportGate gate, double value, Change? change)
    {
        var whole = gate.Slice is null ? report.Metrics.FirstOrDefault(m => string.Equals(m.Name, gate.Metric, StringComparison.OrdinalIgnoreCase))?.Candidate : null;
        var subject = Measured(report, gate.Metric, whole ?? new Measurement(value), gate.Unit)
            + (gate.Slice is null ? "" : $" on {PlainText.Clean(gate.Slice)}");
        if (change is null || report.Baseline is null)
            return $"{subject}, on {Rows(report)}.";
        var against = change.IsMeasurable ? $"{change.Words} than {PlainText.Clean(report.BaselineLabel)}" : $"{change.Words} from {PlainText.Clean(report.BaselineLabel)}";
        var interval = change.Range is { } range ? $" ({Numbers.Level(gate.Level ?? 0.95)} interval {range})" : "";
        return $"{subject}, {against}{interval}, on {Rows(report)}.";
    }

    private static string Measured(Report report, string metric, Measurement value, string? unit) =>
        $"{MetricName.Of(metric)} {Numbers.WithUnit(value.Text, PlainText.Clean(unit))}";

    private static string Rows(Report report) => DataWords.Rows(report);

    private static string GateCount(IReadOnlyList<ReportGate> gates)
    {
        if (gates.Count == 0)
            return "No gates were asked for.";
        var waiting = gates.Count(gate => gate.Skipped);
        var (regress, open, pass) = (Count(gates, Outcome.Regress), Count(gates, Outcome.Inconclusive), Count(gates, Outcome.Pass));
        var parts = new List<string>();
        if (regress > 0)
            parts.Add($"{Numbers.Count(regress, "gate")} {(regress == 1 ? "regresses" : "regress")}");
        if (pass > 0)
            parts.Add(parts.Count > 0 ? $"{pass} {(pass == 1 ? "passes" : "pass")}" : $"{Numbers.Count(pass, "gate")} {(pass == 1 ? "passes" : "pass")}");
        if (open > 0)
            parts.Add(parts.Count > 0 ? $"{open} inconclusive" : $"{Numbers.Count(open, "gate")} inconclusive");
        if (waiting > 0)
            parts.Add($"{(parts.Count > 0 ? $"{waiting}" : Numbers.Count(waiting, "gate"))} {(waiting == 1 ? "waits" : "wait")} for a baseline");
        return string.Join(", ", parts) + ".";
    }

    private static int Count(IReadOnlyList<ReportGate> gates, Outcome outcome) => gates.Count(gate => !gate.Skipped && gate.Outcome == outcome);
}
