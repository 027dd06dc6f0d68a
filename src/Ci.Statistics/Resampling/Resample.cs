namespace Ci.Statistics;

/// <summary>
/// One resample of the rows: blocks of consecutive rows on a ring (after the last row comes the first), the last block cut so that as
/// many rows are drawn as there are.
/// </summary>
public readonly ref struct Resample
{
    private readonly ReadOnlySpan<int> starts;
    private readonly int blockLength;

    internal Resample(ReadOnlySpan<int> starts, int blockLength, int rows)
    {
        this.starts = starts;
        this.blockLength = blockLength;
        this.Rows = rows;
    }

    /// <summary>Rows drawn, equal to the rows there are.</summary>
    public int Rows { get; }

    /// <summary>The sum of a column over the drawn rows, from its prefix sums (rows + 1 of them, the first 0): one or two subtractions a block.</summary>
    public double Sum(ReadOnlySpan<double> prefix)
    {
        double sum = 0;
        var left = this.Rows;
        foreach (var start in this.starts)
        {
            var end = start + Math.Min(this.blockLength, left);
            sum += end <= this.Rows ? prefix[end] - prefix[start] : prefix[this.Rows] - prefix[start] + prefix[end - this.Rows];
            left -= end - start;
        }

        return sum;
    }

    /// <summary>How often each row was drawn; overwrites <paramref name="weights"/>.</summary>
    public void CountInto(Span<int> weights)
    {
        weights.Clear();
        var left = this.Rows;
        foreach (var start in this.starts)
        {
            var end = start + Math.Min(this.blockLength, left);
            Count(weights[start..Math.Min(end, this.Rows)]);
            if (end > this.Rows)
                Count(weights[..(end - this.Rows)]);
            left -= end - start;
        }
    }

    private static void Count(Span<int> weights)
    {
        foreach (ref var weight in weights)
            weight++;
    }
}
