using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>The metrics of a task, on scores.</summary>
internal static class MetricSet
{
    /// <summary>A metric as a statistic; null where the scores do not have what it needs.</summary>
    public static IStatistic? Statistic(string metric, Scores scores)
    {
        var (target, prediction, probability) = (scores.Target, scores.Prediction, scores.Probability);
        var multiclass = scores.Task == Tasks.Multiclass;
        return metric switch
        {
            MetricNames.Rmse => MetricStatistics.Rmse(target, prediction),
            MetricNames.Mae => MetricStatistics.Mae(target, prediction),
            MetricNames.Mape => MetricStatistics.Mape(target, prediction),
            MetricNames.Bias => MetricStatistics.Bias(target, prediction),
            MetricNames.R2 => MetricStatistics.R2(target, prediction),
            MetricNames.Accuracy => MetricStatistics.Accuracy(target, prediction),
            MetricNames.F1Macro => MetricStatistics.F1Macro(target, prediction),
            MetricNames.LogLoss when probability is not null =>
                multiclass ? MetricStatistics.LogLoss(target, probability, scores.Classes) : MetricStatistics.LogLoss(target, probability),
            MetricNames.Brier when probability is not null =>
                multiclass ? MetricStatistics.Brier(target, probability, scores.Classes) : MetricStatistics.Brier(target, probability),
            MetricNames.RocAuc when probability is not null && !multiclass => MetricStatistics.RocAuc(target, probability),
            MetricNames.PrAuc when probability is not null && !multiclass => MetricStatistics.PrAuc(target, probability),
            _ => null,
        };
    }

    /// <summary>All metrics of the task with intervals; those that mean nothing on these rows are left out.</summary>
    public static IReadOnlyList<MetricValue> Measure(Scores scores, string unit, ResamplingFacts? resampling)
    {
        var statistics = MetricNames.Of(scores.Task)
            .Select(name => (Name: name, Statistic: Statistic(name, scores)))
            .Where(pair => pair.Statistic is not null && double.IsFinite(pair.Statistic.Value))
            .ToArray();
        if (resampling is null || statistics.Length == 0)
            return [.. statistics.Select(pair => Value(pair.Name, pair.Statistic!.Value, unit, null))];
        var draws = Bootstrap.Distributions([.. statistics.Select(pair => pair.Statistic!)], resampling.BlockLength, resampling.Resamples, resampling.Seed);
        return [.. statistics.Select((pair, i) => Value(pair.Name, pair.Statistic!.Value, unit, Interval(pair.Name, scores, draws[i], resampling)))];
    }

    private static Interval? Interval(string metric, Scores scores, BootstrapDistribution draws, ResamplingFacts resampling)
    {
        if (metric == MetricNames.Accuracy && resampling.BlockLength == 1)
            return Proportions.Wilson(scores.Losses().LongCount(loss => loss == 0), scores.Rows, resampling.Level);
        return draws.Interval(resampling.Level);
    }

    private static MetricValue Value(string name, double value, string unit, Interval? interval) => new()
    {
        Name = name,
        Value = value,
        Unit = MetricNames.UnitOf(name, unit),
        Direction = MetricNames.DirectionOf(name),
        Low = interval?.Low,
        High = interval?.High,
        Level = interval?.Level,
        Method = interval?.Method,
    };
}
