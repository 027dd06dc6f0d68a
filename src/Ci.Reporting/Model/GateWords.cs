using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>One gate in words, for places that know no tables: annotations, widgets, logs. One line of plain text, bounded; whoever shows it escapes it.</summary>
public static class GateWords
{
    /// <summary>"RMSE on April", as the gate table says.</summary>
    public static string Title(ReportGate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return PlainText.Clean(gate.Slice is null ? gate.Name : $"{PlainText.Clean(gate.Name)} on {PlainText.Clean(gate.Slice)}");
    }

    /// <summary>"regress", "inconclusive", "pass" or "waits for a baseline".</summary>
    public static string Word(ReportGate gate) => gate switch
    {
        { Skipped: true } => "waits for a baseline",
        { Outcome: Outcome.Regress } => "regress",
        { Outcome: Outcome.Inconclusive } => "inconclusive",
        _ => "pass",
    };

    /// <summary>Why it is so; never empty.</summary>
    public static string Reason(ReportGate gate) => PlainText.Clean(gate.Reason, 600) is { Length: > 0 } reason ? reason : Word(gate);

    /// <summary>"not worse by more than 2 %: candidate 2,206 MW, live v1 2,861 MW, 655 MW lower (264 to 1,024); the interval …".</summary>
    public static string Sentence(Report report, ReportGate gate)
    {
        List<string> facts = [];
        if (gate.Candidate is { } candidate)
            facts.Add($"candidate {Value(candidate, gate)}");
        if (gate.Baseline is { } baseline)
            facts.Add($"{PlainText.Clean(report.BaselineLabel)} {Value(baseline, gate)}");
        if (gate.Change is { } change)
            facts.Add(change.Words + (change.Range is { } range ? $" ({range})" : ""));
        var rule = PlainText.Clean(gate.Rule) is { Length: > 0 } text ? text : MetricName.Of(gate.Metric);
        return PlainText.Clean($"{rule}: {string.Join(", ", facts)}; {Reason(gate)}", 1_000);
    }

    private static string Value(double value, ReportGate gate) =>
        Numbers.WithUnit(gate.Change is { Low: not null } change ? Numbers.Fixed(value, change.Decimals) : Numbers.Round(value), PlainText.Clean(gate.Unit));
}
