namespace Ci.Statistics;

/// <summary>The area under the ROC or the precision–recall curve; the rows are sorted once, so a resample costs one pass.</summary>
internal sealed class RankStatistic : IStatistic
{
    private readonly double[] scores;
    private readonly bool[] truths;
    private readonly int[] rows;
    private readonly int[] weights;
    private readonly bool precisionRecall;

    public RankStatistic(ReadOnlySpan<double> target, ReadOnlySpan<double> score, bool precisionRecall)
    {
        Pairs.Check(target.Length, score.Length);
        this.precisionRecall = precisionRecall;
        this.scores = score.ToArray();
        this.rows = [.. Enumerable.Range(0, score.Length)];
        Array.Sort(this.scores, this.rows);
        this.truths = new bool[score.Length];
        for (var i = 0; i < this.rows.Length; i++)
            this.truths[i] = target[this.rows[i]] != 0;
        this.weights = new int[score.Length];
        Array.Fill(this.weights, 1);
        this.Value = this.Area();
    }

    public int Rows => this.rows.Length;

    public double Value { get; }

    public double Of(Resample resample)
    {
        resample.CountInto(this.weights);
        return this.Area();
    }

    private double Area()
    {
        double area = 0;
        long positives = 0;
        long negatives = 0;
        for (var end = this.rows.Length - 1; end >= 0;)
        {
            var (at, found, missed) = (end, 0L, 0L);
            for (; at >= 0 && this.scores[at] == this.scores[end]; at--)
            {
                if (this.truths[at])
                    found += this.weights[this.rows[at]];
                else
                    missed += this.weights[this.rows[at]];
            }

            // From high scores to low: ROC counts pairs that are in the right order (ties half), PR weighs precision by recall gained.
            area += this.precisionRecall
                ? found == 0 ? 0 : found * ((double)(positives + found) / (positives + found + negatives + missed))
                : missed * (positives + (found / 2.0));
            positives += found;
            negatives += missed;
            end = at;
        }

        if (positives == 0 || (negatives == 0 && !this.precisionRecall))
            return double.NaN;
        return this.precisionRecall ? area / positives : area / ((double)positives * negatives);
    }
}
