using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// Permutation importance: how much the metric grows when one feature's values are shuffled among the rows (Breiman, "Random forests", 2001;
/// as model reliance in Fisher, Rudin and Dominici, JMLR 20, 2019). Intervals come from resampling the rows, whose losses are means over the
/// shuffles. Features that say the same share their importance: each looks less important than it is.
/// </summary>
internal sealed class PermutationImportance(ModelScorer scorer, ModelLayout layout, EvaluationRequest request)
{
    private const int MostRows = 5_000;
    private const int Repeats = 5;
    private const int MostColumns = 500;
    private const string ErrorRate = "error_rate";

    /// <summary>Measures all features.</summary>
    /// <exception cref="EvaluationException">There are too many.</exception>
    public ImportanceSeries Measure(Table table, Predictions predictions, ResamplingFacts resampling)
    {
        var width = layout.Features.Count;
        if (width > MostColumns)
            throw new EvaluationException($"{request.ModelPath}: it has {width} features; the importance of at most {MostColumns} is measured: leave --importance out");
        var rows = Chosen(predictions.Rows);
        var (matrix, targets) = Taken(table.Matrix(layout.Features), layout.Targets(table, request.Settings.Target), rows, width);
        var usual = this.Losses(table, matrix, targets);
        var shuffled = Enumerable.Range(0, width).Select(column => this.Shuffled(table, matrix, targets, column)).ToList();
        var differences = shuffled.ConvertAll(losses => new DifferenceStatistic(this.Statistic(losses), this.Statistic(usual)));
        var order = Enumerable.Range(0, width).OrderByDescending(column => differences[column].Value).ThenBy(column => column).Take(ImportanceSeries.MostFeatures).ToList();
        // Rows that were left out between two of a block's make the block shorter.
        var block = Math.Max(1, (int)((long)resampling.BlockLength * rows.Count / predictions.Rows.Count));
        var draws = Bootstrap.Distributions([.. order.Select(column => differences[column])], block, resampling.Resamples, resampling.Seed);
        return new ImportanceSeries
        {
            Metric = layout.Task == Tasks.Regression ? MetricNames.Rmse : this.HasProbabilities(table, matrix, targets) ? MetricNames.LogLoss : ErrorRate,
            Unit = layout.Task == Tasks.Regression ? request.Settings.Unit : this.HasProbabilities(table, matrix, targets) ? MetricNames.UnitOf(MetricNames.LogLoss, "") : "",
            Features = [.. order.Select((column, i) => Feature(layout.Features[column], differences[column].Value, draws[i].Interval(resampling.Level)))],
            AllFeatures = width,
            Rows = rows.Count,
            Repeats = Repeats,
            Level = draws.Any(draw => draw.IsTelling) ? resampling.Level : null,
            Method = draws.Any(draw => draw.IsTelling) ? draws[0].Method : null,
        };
    }

    private static FeatureImportance Feature(string name, double value, Interval? interval) => new(name, value, interval?.Low, interval?.High);

    // Evenly over all rows, in the order of the key: neighbours stay in order.
    private static List<int> Chosen(IReadOnlyList<long> rows)
    {
        var count = Math.Min(rows.Count, MostRows);
        return [.. Enumerable.Range(0, count).Select(i => (int)rows[(int)((long)i * rows.Count / count)] - 1)];
    }

    private static (float[] Matrix, double[] Targets) Taken(float[] matrix, double[] targets, List<int> rows, int width)
    {
        var taken = new float[rows.Count * width];
        for (var i = 0; i < rows.Count; i++)
            matrix.AsSpan(rows[i] * width, width).CopyTo(taken.AsSpan(i * width));
        return (taken, [.. rows.Select(row => targets[row])]);
    }

    private double[] Shuffled(Table table, float[] matrix, double[] targets, int column)
    {
        var width = layout.Features.Count;
        var copy = (float[])matrix.Clone();
        var values = new float[targets.Length];
        for (var row = 0; row < values.Length; row++)
            values[row] = matrix[(row * width) + column];
        var mean = new double[targets.Length];
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            // .NET's seeded generator is fixed for good by its compatibility promise.
            new Random(unchecked((int)(request.Settings.Seed * 1_000_003) + (column * Repeats) + repeat)).Shuffle(values);
            for (var row = 0; row < values.Length; row++)
                copy[(row * width) + column] = values[row];
            var losses = this.Losses(table, copy, targets);
            for (var row = 0; row < mean.Length; row++)
                mean[row] += losses[row] / Repeats;
        }

        return mean;
    }

    private double[] Losses(Table table, float[] matrix, double[] targets)
    {
        var scores = scorer.Score(table, matrix, targets, request.Threads);
        if (layout.Task == Tasks.Regression || scores.Probability is not { } probability)
            return scores.Losses();
        var width = probability.Length / targets.Length;
        var losses = new double[targets.Length];
        for (var row = 0; row < losses.Length; row++)
            losses[row] = width == 1 ? ClassificationMetrics.LogLoss([targets[row]], [probability[row]]) : ClassificationMetrics.LogLoss([targets[row]], probability.AsSpan(row * width, width), width);
        return losses;
    }

    private IStatistic Statistic(double[] losses) => layout.Task == Tasks.Regression ? MetricStatistics.RootMean(losses) : MetricStatistics.Mean(losses);

    private bool HasProbabilities(Table table, float[] matrix, double[] targets) => scorer.Score(table, matrix[..layout.Features.Count], targets[..1], 1).Probability is not null;
}
