namespace Ci.Evaluation;

/// <summary>What all gates of one comparison share: both sides, how to resample, and whether the sides can be paired at all.</summary>
internal sealed class Comparison(ComparisonSide candidate, ComparisonSide? baseline, GateFile gates)
{
    private PairedRows? whole;

    public ComparisonSide Candidate => candidate;

    public ComparisonSide? Baseline => baseline;

    /// <summary>Why the two cannot be compared row by row; null if they can, or where there is no baseline.</summary>
    public string? CannotPair { get; } = Unpaired(candidate, baseline);

    /// <summary>All rows of both.</summary>
    public PairedRows Whole => this.whole ??= PairedRows.Of(candidate, baseline!);

    public double Level => gates.Level;

    /// <summary>Holm's adjustment asks more of a p-value the more gates there are, and a p-value is never below 1 / resamples.</summary>
    public int Resamples => Math.Clamp(400 * gates.Gates.Count, 2_000, 20_000);

    public long Seed => candidate.Evaluation.Resampling?.Seed ?? 1;

    /// <summary>The change of a metric on all rows with its plain interval, candidate minus baseline, for the headline.</summary>
    public (double Candidate, double Baseline, Evidence? Evidence)? Change(string metric)
    {
        if (baseline is null || this.CannotPair is not null || this.Whole.Values(metric) is not { } values)
            return null;
        var enough = this.Whole.TooFew is null;
        return (values.Candidate, values.Baseline, enough ? this.Whole.Compare(metric, this.Level, 0, this.Resamples, this.Seed) : null);
    }

    public static Slice? SliceOf(Predictions predictions, string name) => predictions.Slices.FirstOrDefault(slice => slice.Name == name);

    public static string MissingSlice(Predictions predictions, string name)
    {
        var known = predictions.Slices.Select(slice => slice.Name).Take(12).ToArray();
        return known.Length == 0 ? $"there is no slice {name}: the evaluation has none; add `evaluate.slices`" : $"there is no slice {name}; there are {string.Join(", ", known)}";
    }

    /// <summary>What an evaluation states of a gate's metric, on its slice.</summary>
    public static MetricValue? Metric(ModelEvaluation evaluation, Gate gate) => gate.Slice is null
        ? evaluation.Metric(gate.Metric)
        : evaluation.Slices.FirstOrDefault(slice => slice.Name == gate.Slice)?.Metrics.FirstOrDefault(metric => metric.Name == gate.Metric);

    private static string? Unpaired(ComparisonSide candidate, ComparisonSide? baseline)
    {
        if (baseline is null)
            return null;
        var (mine, theirs) = (candidate.Evaluation, baseline.Evaluation);
        if (mine.Task != theirs.Task || mine.Target != theirs.Target || !mine.Classes.SequenceEqual(theirs.Classes, StringComparer.Ordinal))
            return $"the baseline is a {theirs.Task} of '{theirs.Target}', the candidate a {mine.Task} of '{mine.Target}'; they cannot be compared";
        if (mine.Data.Sha256 != theirs.Data.Sha256)
            return $"baseline and candidate were measured on different data (SHA-256 {theirs.Data.Sha256[..12]}… and {mine.Data.Sha256[..12]}…); evaluate the live model on the new data, and compare again";
        if ((candidate.Trouble ?? baseline.Trouble) is { } trouble)
            return trouble;
        return candidate.Predictions!.Rows.SequenceEqual(baseline.Predictions!.Rows) && candidate.Predictions.Scores.Target.AsSpan().SequenceEqual(baseline.Predictions.Scores.Target)
            ? null
            : "the rows or targets of the two prediction files differ although the data is the same; evaluate both again with the same `key` and `target`";
    }
}
