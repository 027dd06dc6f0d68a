namespace Ci.Statistics;

/// <summary>
/// Counts by bucket number in one dense window that grows with the spread of the numbers seen, up to a bound; beyond it the lowest
/// buckets are folded into one, so that high quantiles keep their accuracy.
/// </summary>
internal sealed class BucketStore(int most)
{
    private long[] counts = [];
    private int first;

    /// <summary>The lowest and highest bucket in use; meaningless while <see cref="Total"/> is 0.</summary>
    public int Lowest { get; private set; }

    public int Highest { get; private set; }

    public long Total { get; private set; }

    public long this[int index] => index < this.Lowest || index > this.Highest || this.Total == 0 ? 0 : this.counts[index - this.first];

    public void Add(int index, long count)
    {
        if (this.Total == 0)
            this.Reset(index);
        else if (index > this.Highest)
            this.RaiseTo(index);
        else if (index < this.Lowest)
            index = this.LowerTo(index);
        this.counts[index - this.first] += count;
        this.Total += count;
    }

    /// <summary>The buckets in use, ascending.</summary>
    public IEnumerable<SketchCell> Cells()
    {
        for (var i = this.Lowest; this.Total > 0 && i <= this.Highest; i++)
        {
            if (this[i] > 0)
                yield return new SketchCell(i, this[i]);
        }
    }

    /// <summary>The bucket in which the value of a rank (from 0) lies, counted from the lowest.</summary>
    public int FromBottom(double rank)
    {
        double seen = 0;
        for (var i = this.Lowest; i < this.Highest; i++)
        {
            seen += this[i];
            if (seen > rank)
                return i;
        }

        return this.Highest;
    }

    /// <summary>The same, counted from the highest.</summary>
    public int FromTop(double rank)
    {
        double seen = 0;
        for (var i = this.Highest; i > this.Lowest; i--)
        {
            seen += this[i];
            if (seen > rank)
                return i;
        }

        return this.Lowest;
    }

    public void Clear()
    {
        Array.Clear(this.counts);
        this.Total = 0;
    }

    private void Reset(int index)
    {
        if (this.counts.Length == 0)
            this.counts = new long[Math.Min(64, most)];
        this.first = index - (this.counts.Length / 2);
        this.Lowest = this.Highest = index;
    }

    private void RaiseTo(int index)
    {
        if ((long)index - this.Lowest >= most)
            this.FoldBelow((int)Math.Max(int.MinValue, (long)index - most + 1));
        this.Fit(this.Lowest, index);
        this.Highest = index;
    }

    private int LowerTo(int index)
    {
        var lowest = Math.Max(index, (long)this.Highest - most + 1);
        this.Fit((int)lowest, this.Highest);
        return this.Lowest = (int)lowest;
    }

    /// <summary>Moves all counts below a bucket into it.</summary>
    private void FoldBelow(int index)
    {
        long folded = 0;
        for (var i = this.Lowest; i < Math.Min((long)index, (long)this.Highest + 1); i++)
        {
            folded += this.counts[i - this.first];
            this.counts[i - this.first] = 0;
        }

        if (index > this.Highest)
        {
            this.first = index;
            this.Highest = index;
        }

        this.Lowest = index;
        this.Fit(index, this.Highest);
        this.counts[index - this.first] += folded;
    }

    /// <summary>Makes the window cover [lowest, highest], whose span is within the bound, by moving it or by growing it.</summary>
    private void Fit(int lowest, int highest)
    {
        if (lowest >= this.first && (long)highest < (long)this.first + this.counts.Length)
            return;
        var span = highest - lowest + 1;
        var target = this.counts;
        if (span > target.Length)
            target = new long[Math.Min(most, Math.Max(span, target.Length * 2))];
        var start = (int)Math.Clamp((long)lowest - ((target.Length - span) / 2), int.MinValue, int.MaxValue - target.Length);
        var used = Math.Min(this.Highest, (long)this.first + this.counts.Length - 1) - this.Lowest + 1;
        Array.Copy(this.counts, this.Lowest - this.first, target, this.Lowest - start, (int)used);
        if (ReferenceEquals(target, this.counts))
        {
            // What the move left behind on either side is stale.
            Array.Clear(target, 0, this.Lowest - start);
            var end = this.Lowest - start + (int)used;
            Array.Clear(target, end, target.Length - end);
        }

        this.counts = target;
        this.first = start;
    }
}
