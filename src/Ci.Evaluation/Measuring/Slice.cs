namespace Ci.Evaluation;

/// <summary>A part of the evaluation rows.</summary>
/// <param name="Name">"month=4".</param>
/// <param name="Rows">Positions in key order, ascending.</param>
internal sealed record Slice(string Name, int[] Rows)
{
    /// <summary>
    /// The block length within the slice that spans as many of all rows as a block of the whole does: all of it for a slice of
    /// consecutive rows, a 24th for one hour of every day; but no more than the slice's rows bear.
    /// </summary>
    public int BlockLength(int whole)
    {
        if (whole == 1)
            return 1;
        long sum = 0;
        for (int i = 0, end = 0; i < this.Rows.Length; i++)
        {
            while (end < this.Rows.Length && this.Rows[end] < this.Rows[i] + whole)
                end++;
            sum += end - i;
        }

        return Math.Clamp((int)Math.Ceiling((double)sum / this.Rows.Length), 1, Ci.Statistics.BlockLength.Longest(this.Rows.Length));
    }
}
