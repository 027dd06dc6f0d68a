using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>
/// The deciding metric slice by slice. A gate over a slice brings the paired interval of its difference. Where no gate does, the
/// interval is put together from those of candidate and baseline as if these were independent (MOVER: Zou and Donner, Statistics in
/// Medicine 27, 2008): errors on the same rows rise and fall together, so it is wider than a paired one, never narrower.
/// </summary>
internal static class SliceTable
{
    public static ReportSlices? Of(ModelEvaluation candidate, ModelEvaluation? baseline, Verdict verdict)
    {
        if (candidate.Slices.Count == 0 || candidate.Metrics.Count == 0)
            return null;
        var metric = candidate.Metric(verdict.Headline?.Metric ?? "") ?? candidate.Metrics[0];
        var others = baseline?.Slices.GroupBy(slice => slice.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal) ?? [];
        var rows = candidate.Slices
            .Select(slice => RowOf(slice.Name, slice.Rows, Find(slice.Metrics, metric.Name), others.TryGetValue(slice.Name, out var other) ? Find(other.Metrics, metric.Name) : null, PairedGate(verdict, metric.Name, slice.Name)))
            .OfType<ReportSlice>()
            .ToList();
        var whole = RowOf("all rows", candidate.Data.Rows, metric, baseline?.Metric(metric.Name), PairedGate(verdict, metric.Name, null)) is { Difference: not null } all ? all : null;
        if (whole is not null && verdict.Headline is { Difference: { } change } headline && headline.Metric == metric.Name)
            whole = whole with { Difference = new Measurement(change, headline.Low, headline.High, headline.Level) };
        var derived = rows.Exists(row => row.Difference is not null && PairedGate(verdict, metric.Name, row.Name) is null);
        return new ReportSlices
        {
            Metric = metric.Name,
            Unit = ReportBuilder.NullIfEmpty(metric.Unit),
            Direction = metric.Direction ?? "lower",
            Method = derived ? "Intervals of differences that no gate tested are put together from both models' own intervals as if these were independent: rather too wide than too narrow." : null,
            Whole = whole,
            Rows = rows,
        };
    }

    /// <summary>The difference of two independent estimates with its interval (MOVER).</summary>
    internal static Measurement Difference(Measurement candidate, Measurement baseline)
    {
        var difference = candidate.Value - baseline.Value;
        if (candidate is not { Low: { } cl, High: { } ch } || baseline is not { Low: { } bl, High: { } bh })
            return new Measurement(difference);
        var low = difference - Math.Sqrt(Square(candidate.Value - cl) + Square(bh - baseline.Value));
        var high = difference + Math.Sqrt(Square(ch - candidate.Value) + Square(baseline.Value - bl));
        return new Measurement(difference, low, high, candidate.Level, "independent intervals");
    }

    private static ReportSlice? RowOf(string name, long rows, MetricValue? candidate, MetricValue? baseline, GateResult? gate)
    {
        if (candidate is null)
            return null;
        var (value, other) = (ReportBuilder.MeasurementOf(candidate), baseline is null ? null : ReportBuilder.MeasurementOf(baseline));
        return new ReportSlice
        {
            Name = name,
            Rows = rows,
            Candidate = value,
            Baseline = other,
            Difference = gate is not null && other is not null ? new Measurement(gate.Difference!.Value, gate.Low, gate.High, gate.Level, gate.Test) : other is null ? null : Difference(value, other),
        };
    }

    private static GateResult? PairedGate(Verdict verdict, string metric, string? slice) =>
        verdict.Gates.FirstOrDefault(gate => gate.Metric == metric && gate.Slice == slice && gate is { Difference: not null, Low: not null, High: not null });

    private static MetricValue? Find(IReadOnlyList<MetricValue> metrics, string name) => metrics.FirstOrDefault(metric => metric.Name == name);

    private static double Square(double value) => value * value;
}
