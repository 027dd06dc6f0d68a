using System.Globalization;
using System.Text;

namespace Ci.Reporting;

/// <summary>
/// The figures that Mermaid's xychart can show without saying something else than the numbers do. It draws bars over each other, has neither
/// intervals nor a legend: a confusion matrix or a forest plot has no such form, and their tables stand in the report anyway.
/// </summary>
internal static class MermaidFigures
{
    private const int MostPoints = 60;
    private const int MostBars = 14;

    // Accent and grey of the figures; both are legible on white and on black.
    private const string TwoColours = "#3a8fd0, #8a929b";
    private const string ThreeColours = "#8a929b, #3a8fd0, #c77f00";

    /// <summary>The figure's faithful form; null where there is none.</summary>
    public static MermaidChart? Of(Report report, string figure) => figure switch
    {
        "metrics" => Metrics(report),
        "slices" => Slices(report),
        "timeline" => Timeline(report),
        "residuals" => Residuals(report),
        "calibration" => Calibration(report),
        _ => null,
    };

    // Metrics differ in unit and size: what they share is the baseline's value, which is 100 %.
    private static MermaidChart? Metrics(Report report)
    {
        var compared = report.Metrics.Where(metric => metric is { Direction: not null, Baseline.Value: > 0, Candidate.Value: >= 0 }).Take(8).ToList();
        if (compared.Count == 0)
            return null;
        var shares = compared.Select(metric => 100 * metric.Candidate.Value / metric.Baseline!.Value).ToList();
        var label = PlainText.Clean(report.BaselineLabel);
        return Chart("horizontal", TwoColours, compared.Select(metric => MetricName.Of(metric.Name)), $"% of {label}", 0, Math.Max(100, shares.Max()) * 1.1, shares, compared.Select(_ => 100.0),
            $"Bars: the candidate in percent of {label}; line: {label}. Without intervals, which the table has.");
    }

    private static MermaidChart? Slices(Report report)
    {
        if (report.Slices is not { } slices)
            return null;
        var rows = slices.Rows.Where(row => row.Difference is not null).ToList();
        if (rows.Count is 0 or > MostBars)
            return null;
        var differences = rows.Select(row => row.Difference!.Value).ToList();
        var unit = PlainText.Clean(slices.Unit);
        return Chart("horizontal", TwoColours, rows.Select(row => row.Name), unit.Length == 0 ? "difference" : unit, Math.Min(0, differences.Min()) * 1.1, Math.Max(0, differences.Max()) * 1.1, differences, null,
            $"Bars: {MetricName.Of(slices.Metric)} of the candidate minus {PlainText.Clean(report.BaselineLabel)}; {slices.Direction} is better. Without intervals, which the table has.");
    }

    private static MermaidChart? Timeline(Report report)
    {
        if (report.Series.Timeline is not { Points.Count: >= 3 and <= MostPoints } timeline)
            return null;
        var points = timeline.Points;
        var compared = report.Baseline is not null && points.All(point => point.Baseline is not null);
        IReadOnlyList<IEnumerable<double>> lines = compared
            ? [points.Select(p => p.Baseline!.Value), points.Select(p => p.Candidate), points.Select(p => p.Target)]
            : [points.Select(p => p.Candidate), points.Select(p => p.Target)];
        var all = lines.SelectMany(line => line).ToList();
        var text = new StringBuilder(Start("", compared ? ThreeColours : ThreeColours[9..]));
        var axis = string.Create(CultureInfo.InvariantCulture, $"spans of {timeline.Days} days from {points[0].From:yyyy-MM-dd}");
        text.Append($"  x-axis {MermaidText.Label(axis, 40)} 1 --> {points.Count}\n");
        if (Axis(text, PlainText.Clean(report.Unit), all.Min(), all.Max()) is false)
            return null;
        foreach (var line in lines)
        {
            if (MermaidText.Numbers(line) is not { } numbers)
                return null;
            text.Append($"  line {numbers}\n");
        }

        var label = compared ? $"grey: {PlainText.Clean(report.BaselineLabel)}; " : "";
        return new MermaidChart(text.ToString(), $"Lines: {label}blue: candidate; orange: actual.");
    }

    private static MermaidChart? Residuals(Report report)
    {
        if (report.Series.Residuals is not { } whole || whole.Candidate.Sum() == 0)
            return null;
        var residuals = ResidualsFigure.Trimmed(whole);
        if (residuals.Candidate.Count > MostPoints)
            return null;
        double total = residuals.Candidate.Sum() + residuals.CandidateBeyond;
        var shares = residuals.Candidate.Select(count => 100 * count / total).ToList();
        double before = Math.Max(1, (residuals.Baseline?.Sum() ?? 0) + residuals.BaselineBeyond);
        var baseline = report.Baseline is null ? null : residuals.Baseline?.Select(count => 100 * count / before).ToList();
        var text = new StringBuilder(Start("", TwoColours));
        var (low, high) = (MermaidText.Number(residuals.Low + (residuals.Width / 2)), MermaidText.Number(residuals.Low + (residuals.Width * (residuals.Candidate.Count - 0.5))));
        if (low is null || high is null || low == high)
            return null;
        text.Append($"  x-axis {MermaidText.Label($"error {PlainText.Clean(report.Unit)}")} {low} --> {high}\n");
        return Axis(text, "% of rows", 0, shares.Concat(baseline ?? []).Max()) && Series(text, shares, baseline)
            ? new MermaidChart(text.ToString(), "Bars: share of the candidate's errors" + (baseline is null ? "." : $"; line: {PlainText.Clean(report.BaselineLabel)}."))
            : null;
    }

    private static MermaidChart? Calibration(Report report) => report.Series.Calibration is { Candidate: { Count: > 1 and <= MostBars } bins }
        ? Chart("", TwoColours, bins.Select(bin => MermaidText.Number(bin.Predicted) ?? "–"), "observed", 0, 1, bins.Select(bin => bin.Observed), bins.Select(bin => bin.Predicted),
            "Bars: how often the class was true; line: how often it should be by the predicted probability.")
        : null;

    private static MermaidChart? Chart(
        string direction, string colours, IEnumerable<string> names, string axis, double low, double high, IEnumerable<double> bars, IEnumerable<double>? line, string legend)
    {
        var text = new StringBuilder(Start(direction, colours)).Append($"  x-axis [{string.Join(", ", names.Select(name => MermaidText.Label(name)))}]\n");
        return Axis(text, axis, low, high) && Series(text, bars, line) ? new MermaidChart(text.ToString(), legend) : null;
    }

    private static string Start(string direction, string colours) =>
        $"%%{{init: {{\"themeVariables\": {{\"xyChart\": {{\"plotColorPalette\": \"{colours}\"}}}}}}}}%%\nxychart-beta{(direction.Length == 0 ? "" : " " + direction)}\n";

    private static bool Axis(StringBuilder text, string name, double low, double high)
    {
        if (!(low < high) || MermaidText.Number(low) is not { } from || MermaidText.Number(high) is not { } to)
            return false;
        text.Append($"  y-axis {MermaidText.Label(name.Length == 0 ? "value" : name)} {from} --> {to}\n");
        return true;
    }

    private static bool Series(StringBuilder text, IEnumerable<double> bars, IEnumerable<double>? line)
    {
        if (MermaidText.Numbers(bars) is not { } heights)
            return false;
        text.Append($"  bar {heights}\n");
        if (line is null)
            return true;
        if (MermaidText.Numbers(line) is not { } values)
            return false;
        text.Append($"  line {values}\n");
        return true;
    }
}
