namespace Ci.Training.Trees;

/// <summary>How one feature's values become bins, and where its bins stand among the codes of its column.</summary>
internal sealed class FeatureBins(int feature, float[] cuts, bool hasMissing)
{
    public int Feature { get; } = feature;

    public float[] Cuts { get; } = cuts;

    /// <summary>Bins that hold values; missing, where there is any, is one more after them.</summary>
    public int ValueBins { get; } = cuts.Length + 1;

    public int Bins { get; } = cuts.Length + (hasMissing ? 2 : 1);

    public int MissingBin { get; } = hasMissing ? cuts.Length + 1 : -1;

    /// <summary>-1: the feature is constant and takes no part.</summary>
    public int Column { get; private set; } = -1;

    /// <summary>-1: the column is this feature's alone and a code is its bin. Else the bin that code 0, or another feature's code, stands for.</summary>
    public int DefaultBin { get; private set; } = -1;

    private int Offset { get; set; }

    public void Own(int column) => this.Column = column;

    /// <summary>Shares a column with features that are never away from their default bins in the same row.</summary>
    public void Share(int column, int offset, int defaultBin) => (this.Column, this.Offset, this.DefaultBin) = (column, offset, defaultBin);

    /// <summary>The code of a bin within the column; 0 for the default bin of a shared column.</summary>
    public int CodeOf(int bin) =>
        this.DefaultBin < 0 ? bin
        : bin == this.DefaultBin ? 0
        : this.Offset + (bin < this.DefaultBin ? bin : bin - 1);

    public int BinOf(float value)
    {
        if (float.IsNaN(value))
            return this.MissingBin;
        int low = 0, high = this.Cuts.Length;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (value <= this.Cuts[middle])
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <summary>For each code of the column: 1 where a row with it goes left of the cut after <paramref name="bin"/>.</summary>
    public byte[] LeftCodes(int bin, bool missingLeft)
    {
        var left = new byte[256];
        if (this.DefaultBin >= 0)
            Array.Fill(left, GoesLeft(this.DefaultBin));
        for (var b = 0; b < this.Bins; b++)
            left[this.CodeOf(b)] = GoesLeft(b);
        return left;

        byte GoesLeft(int b) => (b == this.MissingBin ? missingLeft : b <= bin) ? (byte)1 : (byte)0;
    }
}
