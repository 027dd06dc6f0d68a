namespace Ci.Evaluation;

/// <summary>What the larger series must hold to, in an evaluation and in a report alike: bounded, finite, in order.</summary>
public static class SeriesRules
{
    private const int LongestText = 4_000;

    /// <summary>Adds what is wrong.</summary>
    public static void Check(List<string> wrong, string where, EvaluationSeries series)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        ArgumentNullException.ThrowIfNull(series);
        if (series.Ranking is { } ranking)
            CheckRanking(wrong, $"{where}.ranking", ranking);
        if (series.Actual is { } actual)
            CheckActual(wrong, $"{where}.actual", actual.Low, actual.Width, actual.Bins, actual.Counts, actual.Beyond);
        if (series.Importance is { } importance)
            CheckImportance(wrong, $"{where}.importance", importance);
    }

    /// <inheritdoc cref="Check"/>
    public static void CheckRanking(List<string> wrong, string where, RankingSeries ranking)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        ArgumentNullException.ThrowIfNull(ranking);
        if (ranking.Classes.Any(one => one is null))
            wrong.Add($"{where}.classes holds null");
        if (ranking.Classes.Count is 0 or > RankingSeries.MostClasses)
            wrong.Add($"{where}.classes has {ranking.Classes.Count} entries; expected 1 to {RankingSeries.MostClasses}");
        if (ranking.Rows < 1 || ranking.AllClasses < ranking.Classes.Count)
            wrong.Add($"{where}.rows or .allClasses is out of range");
        Area(wrong, where, ranking.MacroRocArea);
        Area(wrong, where, ranking.MacroPrecisionRecallArea);
        foreach (var one in ranking.Classes.Where(one => one is not null))
        {
            Text(wrong, $"{where}.classes.class", one.Class);
            Area(wrong, where, one.RocArea);
            Area(wrong, where, one.PrecisionRecallArea);
            if (one.Roc.Count is 0 or > RankingSeries.MostPoints || one.PrecisionRecall.Count is 0 or > RankingSeries.MostPoints)
                wrong.Add($"{where} has a curve without points or with more than {RankingSeries.MostPoints}");
            if (one.Roc.Concat(one.PrecisionRecall).Any(point => point is null || point.X is not (>= 0 and <= 1) || point.Y is not (>= 0 and <= 1)))
                wrong.Add($"{where} has a point outside of 0 to 1");
        }
    }

    /// <inheritdoc cref="Check"/>
    public static void CheckActual(List<string> wrong, string where, double low, double width, int bins, IReadOnlyList<int> counts, int beyond)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        ArgumentNullException.ThrowIfNull(counts);
        if (!double.IsFinite(low) || !(width > 0) || !double.IsFinite(low + (width * ActualSeries.MostBins)) || bins is < 1 or > ActualSeries.MostBins)
            wrong.Add($"{where} needs 1 to {ActualSeries.MostBins} bins of a width above 0");
        else if (counts.Count != bins * bins || beyond < 0 || counts.Any(count => count < 0))
            wrong.Add($"{where} needs a count of at least 0 for every square");
    }

    /// <inheritdoc cref="Check"/>
    public static void CheckImportance(List<string> wrong, string where, ImportanceSeries importance)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        ArgumentNullException.ThrowIfNull(importance);
        if (importance.Features.Any(feature => feature is null))
            wrong.Add($"{where}.features holds null");
        if (importance.Features.Count is 0 or > ImportanceSeries.MostFeatures)
            wrong.Add($"{where}.features has {importance.Features.Count} entries; expected 1 to {ImportanceSeries.MostFeatures}");
        Text(wrong, $"{where}.metric", importance.Metric);
        foreach (var feature in importance.Features.Where(feature => feature is not null))
        {
            Text(wrong, $"{where}.features.feature", feature.Feature);
            Interval(wrong, where, feature.Value, feature.Low, feature.High);
        }
    }

    /// <summary>Adds what is wrong with the finer facts of a latency.</summary>
    public static void CheckLatency(List<string> wrong, string where, double? p99, IReadOnlyList<double>? quantiles)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        if (p99 is { } high && !(high >= 0 && double.IsFinite(high)))
            wrong.Add($"{where}.p99Ms is out of range");
        if (quantiles is null)
            return;
        if (quantiles.Count is 0 or > 200 || quantiles.Any(q => !(q >= 0) || !double.IsFinite(q)) || quantiles.Zip(quantiles.Skip(1)).Any(pair => pair.First > pair.Second))
            wrong.Add($"{where}.quantilesMs needs 1 to 200 numbers of at least 0, ascending");
    }

    private static void Area(List<string> wrong, string where, CurveArea? area)
    {
        if (area is null)
            return;
        Interval(wrong, where, area.Value, area.Low, area.High);
        if (area.Value is not (>= 0 and <= 1))
            wrong.Add($"{where} has an area outside of 0 to 1");
    }

    private static void Interval(List<string> wrong, string where, double value, double? low, double? high)
    {
        if (!double.IsFinite(value) || low is { } l && !double.IsFinite(l) || high is { } h && !double.IsFinite(h))
            wrong.Add($"{where} holds a number that is not finite");
        if (low > high)
            wrong.Add($"{where} has an interval whose ends are swapped");
    }

    private static void Text(List<string> wrong, string where, string? text)
    {
        if (text?.Length > LongestText)
            wrong.Add($"{where} is {text.Length} characters long, at most {LongestText} are read");
    }
}
