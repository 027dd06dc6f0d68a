using Ci.Evaluation;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Bars of how much worse the metric gets when a feature is shuffled, with intervals; the baseline's as diamonds.</summary>
internal static class ImportanceFigure
{
    public static FigureDrawing? Of(Report report)
    {
        if (report.Series.Importance is not { } importance || importance.Candidate.Features.Count == 0)
            return null;
        var candidate = importance.Candidate;
        var unit = PlainText.Clean(candidate.Unit);
        var baseline = report.Baseline is null || importance.Baseline is null ? null : PlainText.Clean(report.BaselineLabel);
        var metric = candidate.Metric == "error_rate" ? "error rate" : MetricName.Of(candidate.Metric);
        var first = candidate.Features[0];
        var title = $"{PlainText.Clean(first.Feature, 60)} matters most: shuffled, it makes {metric} {Numbers.WithUnit(ValueOf(first), unit)} higher";
        var explanation = $"Growth of {metric} when a feature is shuffled among {Numbers.Count(candidate.Rows, "row")}, {candidate.Repeats} times"
            + (candidate.Level is { } level ? $"; lines are {Numbers.Level(level)} intervals" : "");
        var words = candidate.Features.Take(12).Select(feature => $"{PlainText.Clean(feature.Feature, 60)} {Numbers.WithUnit(ValueOf(feature), unit)}");
        return new FigureDrawing("importance", title, explanation, $"{title}. {string.Join("; ", words)}.", (canvas, top) => Draw(canvas, top, importance, baseline, $"growth of {metric}{(unit.Length == 0 ? "" : $", {unit}")}"))
        {
            Group = FigureGroup.Training,
        };
    }

    private static double Draw(SvgCanvas canvas, double top, ReportImportance importance, string? baseline, string label)
    {
        var size = canvas.Size;
        var features = importance.Candidate.Features.Take(size.IsWide ? 20 : 12).ToList();
        var others = baseline is null ? [] : importance.Baseline!.Features.GroupBy(f => f.Feature, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var y = baseline is null ? top : Header.Key(canvas, top, baseline);
        var names = Math.Min(size.Width * 0.34, features.Max(feature => TextWidth.Of(PlainText.Clean(feature.Feature), size.Label)));
        var left = canvas.Left + names + 10;
        var right = canvas.Right - features.Max(feature => TextWidth.Of(ValueOf(feature), size.Label, bold: true)) - 12;
        var ends = features.SelectMany(f => new[] { f, others.GetValueOrDefault(f.Feature) }).OfType<FeatureImportance>().SelectMany(f => new[] { f.Value, f.Low ?? f.Value, f.High ?? f.Value });
        var scale = LinearScale.Around(ends, left, right, zero: true);
        var row = size.Label * (baseline is null ? 1.75 : 2.1);
        var bottom = y + (row * features.Count) + 3;
        Axes.Bottom(canvas, scale, left, right, y, bottom, label);
        for (var index = 0; index < features.Count; index++)
            Row(canvas, scale, features[index], others.GetValueOrDefault(features[index].Feature), y + 3 + (row * (index + 0.5)), names, baseline);
        canvas.Line(scale.At(0), y, scale.At(0), bottom, "f-zero");
        bottom += Axes.BottomHeight(size, label: true);
        var hidden = importance.Candidate.AllFeatures - features.Count;
        if (hidden > 0)
            canvas.Text(canvas.Left, bottom += size.Tick + 6, $"{Numbers.Count(hidden, "further feature")} matter{(hidden == 1 ? "s" : "")} less", size.Tick, "f-mute");
        return bottom;
    }

    private static void Row(SvgCanvas canvas, LinearScale scale, FeatureImportance feature, FeatureImportance? other, double middle, double names, string? baseline)
    {
        var (size, name) = (canvas.Size, PlainText.Clean(feature.Feature));
        var half = size.Label * 0.45;
        var up = other is null ? 0 : size.Label * 0.35;
        canvas.Text(canvas.Left, middle + (size.Label * 0.35), TextWidth.Fit(name, size.Label, names), size.Label, "f-text");
        var (from, to) = (Math.Min(scale.At(0), scale.Within(feature.Value)), Math.Max(scale.At(0), scale.Within(feature.Value)));
        canvas.Rectangle(from, middle - up - half, to - from, 2 * half, "f-bar", $"{name}: {ValueOf(feature)}");
        IntervalMark.Candidate(canvas, scale, middle - up, feature.Value, feature.Low ?? double.NaN, feature.High ?? double.NaN, open: feature.Low <= 0, $"{name}: {ValueOf(feature)}");
        if (other is not null)
            IntervalMark.Baseline(canvas, scale, middle + (size.Label * 0.62), other.Value, other.Low ?? double.NaN, other.High ?? double.NaN, $"{name}: {baseline} {ValueOf(other)}");
        canvas.Text(canvas.Right, middle + (size.Label * 0.35), ValueOf(feature), size.Label, feature.Low <= 0 ? "f-mute" : "f-cand-text", Anchor.End);
    }

    private static string ValueOf(FeatureImportance feature) => Numbers.Text(feature.Value, feature.Low, feature.High);
}
