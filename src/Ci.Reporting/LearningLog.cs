using Ci.Evaluation;
using Ci.Statistics;

namespace Ci.Reporting;

/// <summary>
/// Reads what a training wrote after every iteration: a table whose first column (or the one named iteration, step, epoch or round) counts,
/// and whose others hold metrics, named like <c>training_rmse</c>, <c>val_loss</c>, <c>validation.auc</c>. Columns of one metric share a panel.
/// </summary>
public static class LearningLog
{
    private static readonly string[] Counters = ["iteration", "step", "epoch", "round", "iterations", "steps", "epochs"];
    private static readonly (string Word, string Rows)[] Parts =
    [
        ("training", "training"), ("train", "training"), ("validation", "validation"), ("valid", "validation"), ("val", "validation"),
        ("evaluation", "validation"), ("eval", "validation"), ("test", "test"),
    ];

    /// <summary>The learning curves of candidate and baseline.</summary>
    /// <param name="candidate">The table.</param>
    /// <param name="baseline">The baseline's; null where there is none.</param>
    /// <param name="unit">The target's unit, for metrics that have it.</param>
    /// <exception cref="ReportException">There is no column of metrics.</exception>
    /// <exception cref="TableException">A cell of a metric is no number.</exception>
    public static ReportLearning Read(Table candidate, Table? baseline, string? unit)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        var x = CounterOf(candidate);
        var lines = Lines(candidate, x, isBaseline: false);
        if (lines.Count == 0)
            throw new ReportException($"{candidate.Name}: no column but '{x}' holds numbers; write one a metric, such as `training_loss` and `validation_loss`");
        if (baseline is not null)
            lines.AddRange(Lines(baseline, CounterOf(baseline), isBaseline: true));
        var panels = lines.GroupBy(line => line.Metric, StringComparer.OrdinalIgnoreCase).Where(group => group.Any(line => !line.Line.Baseline)).Take(ReportLearning.MostPanels);
        return new ReportLearning
        {
            X = x,
            Panels = [.. panels.Select(group => new LearningPanel
            {
                Metric = group.First().Metric,
                Unit = ReportBuilder.NullIfEmpty(MetricNames.Of(Tasks.Regression).Contains(group.Key) || group.Key == MetricNames.LogLoss ? MetricNames.UnitOf(group.Key, unit ?? "") : ""),
                Lines = [.. group.Select(line => line.Line).Take(8)],
            })],
        };
    }

    private static string CounterOf(Table table) =>
        table.Columns.FirstOrDefault(column => Counters.Contains(column, StringComparer.OrdinalIgnoreCase)) ?? table.Columns[0];

    private static List<(string Metric, LearningLine Line)> Lines(Table table, string x, bool isBaseline)
    {
        var counter = table.IsNumeric(x) ? table.Numbers(x) : [.. Enumerable.Range(1, table.Rows).Select(i => (double)i)];
        var found = new List<(string, LearningLine)>();
        foreach (var column in table.Columns.Where(column => column != x && table.IsNumeric(column)).Take(ReportLearning.MostPanels * 4))
        {
            var values = table.Numbers(column);
            var points = Enumerable.Range(0, table.Rows).Where(i => double.IsFinite(counter[i]) && double.IsFinite(values[i])).Select(i => new CurvePoint(counter[i], values[i])).ToList();
            if (points.Count == 0)
                continue;
            var (metric, rows) = NameOf(column);
            found.Add((metric, new LearningLine(rows, Thinned(points), isBaseline)));
        }

        return found;
    }

    // "training_rmse", "rmse_val", "train/loss": which rows, and what was measured on them.
    private static (string Metric, string Rows) NameOf(string column)
    {
        var words = column.Split(['_', '.', '/', '-', ' ', ':'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var (word, rows) in Parts)
        {
            var at = Array.FindIndex(words, w => w.Equals(word, StringComparison.OrdinalIgnoreCase));
            if (at >= 0 && words.Length > 1)
                return (string.Join('_', words.Where((_, i) => i != at)).ToLowerInvariant(), rows);
            if (at >= 0)
                return ("metric", rows);
        }

        return (column, "");
    }

    private static List<CurvePoint> Thinned(List<CurvePoint> points)
    {
        // The ends and both extremes stay: the figure marks the best, which is one of these.
        var step = Math.Max(1, (int)Math.Ceiling(points.Count / (ReportLearning.MostPoints - 2.0)));
        var (low, high) = (points.MinBy(p => p.Y), points.MaxBy(p => p.Y));
        return [.. points.Where((p, i) => i % step == 0 || i == points.Count - 1 || ReferenceEquals(p, low) || ReferenceEquals(p, high))];
    }
}
