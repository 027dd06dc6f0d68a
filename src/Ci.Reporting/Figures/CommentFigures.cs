using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>
/// Which figures argue the verdict. A regression is argued by what regresses: its slice, its latency, its metric. Where nothing regresses,
/// the metric and the slices say why, and one figure shows what the predictions look like.
/// </summary>
internal static class CommentFigures
{
    private const int Most = 3;

    private static readonly string[] Regression = ["metrics", "slices", "timeline", "residuals", "actual"];
    private static readonly string[] Classification = ["metrics", "slices", "confusion", "roc", "precision-recall", "calibration"];

    /// <summary>At most three of the names, the most telling first.</summary>
    public static IReadOnlyList<string> Of(Report report, IReadOnlyList<string> names)
    {
        var usual = report.Task == Tasks.Regression ? Regression : Classification;
        return [.. Broken(report).Concat(usual).Concat(["history", "learning"]).Where(name => names.Contains(name, StringComparer.Ordinal)).Distinct(StringComparer.Ordinal).Take(Most)];
    }

    private static IEnumerable<string> Broken(Report report)
    {
        if (report.Outcome != Outcome.Regress)
            yield break;
        foreach (var gate in report.SortedGates.TakeWhile(gate => gate is { Outcome: Outcome.Regress, Skipped: false }))
        {
            if (gate.Slice is not null)
                yield return "slices";
            yield return gate.Metric switch
            {
                MetricNames.LatencyP95 => "latency",
                MetricNames.RocAuc => "roc",
                MetricNames.PrAuc => "precision-recall",
                MetricNames.LogLoss or MetricNames.Brier => "calibration",
                MetricNames.Accuracy or MetricNames.F1Macro => "confusion",
                MetricNames.Bias => "residuals",
                _ => "metrics",
            };
        }
    }
}
