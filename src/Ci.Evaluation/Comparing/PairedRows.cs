using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Baseline and candidate on the same rows (all, or a slice), with the block length that their losses ask for.</summary>
internal sealed class PairedRows(Scores candidate, Scores baseline, int blockLength)
{
    /// <summary>Fewer rows, or fewer blocks, carry no interval worth the name.</summary>
    public const int LeastRows = 20;
    public const int LeastBlocks = 8;

    public int Rows => candidate.Rows;

    public int BlockLength => blockLength;

    public bool SayTheSame => candidate.SaysTheSameAs(baseline);

    /// <summary>Why these rows cannot carry a verdict; null if they can.</summary>
    public string? TooFew => TooFewRows(this.Rows, blockLength);

    public static string? TooFewRows(int rows, int blockLength) => rows < LeastRows
        ? $"only {rows} rows; a verdict needs at least {LeastRows}"
        : rows / blockLength < LeastBlocks ? $"only {rows / blockLength} independent blocks of {blockLength} rows; a verdict needs at least {LeastBlocks}" : null;

    /// <summary>The whole of two models' rows. Rows without order are taken as independent; others get blocks long enough for both models and for their difference.</summary>
    public static PairedRows Of(ComparisonSide candidate, ComparisonSide baseline)
    {
        var (mine, theirs) = (candidate.Predictions!.Scores, baseline.Predictions!.Scores);
        var block = Math.Max(candidate.Evaluation.Resampling?.BlockLength ?? 1, baseline.Evaluation.Resampling?.BlockLength ?? 1);
        if (block > 1)
        {
            var differences = mine.Memories().Zip(theirs.Memories(), (first, second) => first.Zip(second, (a, b) => a - b).ToArray());
            block = Math.Max(block, Ci.Statistics.BlockLength.ForIntervals([.. differences]));
        }

        return new PairedRows(mine, theirs, Math.Clamp(block, 1, mine.Rows));
    }

    public PairedRows Take(Slice slice) =>
        new(candidate.Take(slice.Rows), baseline.Take(slice.Rows), slice.BlockLength(blockLength));

    /// <summary>The two values of a metric; null where it means nothing here.</summary>
    public (double Candidate, double Baseline)? Values(string metric)
    {
        var (mine, theirs) = (MetricSet.Statistic(metric, candidate), MetricSet.Statistic(metric, baseline));
        return mine is not null && theirs is not null && double.IsFinite(mine.Value) && double.IsFinite(theirs.Value) ? (mine.Value, theirs.Value) : null;
    }

    /// <summary>The evidence on how much worse the candidate is.</summary>
    public Evidence? Compare(string metric, double level, double threshold, int resamples, long seed)
    {
        if (metric == MetricNames.Accuracy && blockLength == 1)
        {
            var (mine, theirs) = (candidate.Losses(), baseline.Losses());
            var lost = mine.Where((loss, i) => loss > theirs[i]).LongCount();
            var won = mine.Where((loss, i) => loss < theirs[i]).LongCount();
            return Evidence.OfShares(lost, won, this.Rows, level, threshold);
        }

        var worseness = Worseness(metric, MetricSet.Statistic(metric, candidate)!, MetricSet.Statistic(metric, baseline)!);
        var distribution = Bootstrap.Distributions([worseness], blockLength, resamples, seed)[0];
        var assumes = blockLength == 1 ? "assumes independent rows" : "assumes that rows further apart hardly depend on each other";
        return Evidence.OfResamples(worseness.Value, distribution, 1, level, threshold, $"paired {distribution.Method}; {assumes}");
    }

    private static DifferenceStatistic Worseness(string metric, IStatistic candidate, IStatistic baseline) => MetricNames.DirectionOf(metric) switch
    {
        "higher" => new DifferenceStatistic(baseline, candidate),
        "lower" => new DifferenceStatistic(candidate, baseline),
        _ => new DifferenceStatistic(new AbsoluteStatistic(candidate), new AbsoluteStatistic(baseline)),
    };

    /// <summary>A bias is worse the further it is from 0, on either side.</summary>
    private sealed class AbsoluteStatistic(IStatistic inner) : IStatistic
    {
        public int Rows => inner.Rows;

        public double Value => Math.Abs(inner.Value);

        public double Of(Resample resample) => Math.Abs(inner.Of(resample));
    }
}
