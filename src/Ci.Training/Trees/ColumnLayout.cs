using System.Numerics;

namespace Ci.Training.Trees;

/// <summary>Gives every feature that varies a column of codes: its own, or one shared with features that exclude each other.</summary>
internal sealed class ColumnLayout
{
    // Beyond this many open bundles a further search costs more than the column it might save.
    private const int MostBundlesTried = 64;
    private const int MostSharedBins = 64;

    private readonly List<Bundle> bundles = [];

    public ColumnLayout(FeatureBins[] features, byte[][] bins, int rows)
    {
        foreach (var feature in features.Where(feature => feature.Bins > 1))
        {
            if (!this.TryShare(feature, bins[feature.Feature], rows))
                feature.Own(this.Columns++);
        }
    }

    public int Columns { get; private set; }

    private bool TryShare(FeatureBins feature, byte[] bins, int rows)
    {
        if (feature.Bins > MostSharedBins)
            return false;
        Span<int> counts = stackalloc int[BinnedMatrix.Codes];
        foreach (var bin in bins)
            counts[bin]++;
        var common = 0;
        for (var bin = 1; bin < feature.Bins; bin++)
        {
            if (counts[bin] > counts[common])
                common = bin;
        }

        if (counts[common] < rows / 2)
            return false;
        var away = Away(bins, common);
        foreach (var bundle in this.bundles.Take(MostBundlesTried))
        {
            if (bundle.NextCode + feature.Bins - 1 <= BinnedMatrix.Codes && bundle.Excludes(away))
            {
                bundle.Add(feature, common, away);
                return true;
            }
        }

        if (this.bundles.Count >= MostBundlesTried)
            return false;
        var fresh = new Bundle(this.Columns++, away.Length);
        fresh.Add(feature, common, away);
        this.bundles.Add(fresh);
        return true;
    }

    private static ulong[] Away(byte[] bins, int common)
    {
        var away = new ulong[(bins.Length + 63) / 64];
        for (var row = 0; row < bins.Length; row++)
            away[row >> 6] |= (bins[row] == common ? 0UL : 1UL) << (row & 63);
        return away;
    }

    private sealed class Bundle(int column, int words)
    {
        private readonly ulong[] taken = new ulong[words];

        public int NextCode { get; private set; } = 1;

        public bool Excludes(ulong[] away)
        {
            var i = 0;
            for (; i <= away.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
            {
                if ((new Vector<ulong>(away, i) & new Vector<ulong>(this.taken, i)) != Vector<ulong>.Zero)
                    return false;
            }

            for (; i < away.Length; i++)
            {
                if ((away[i] & this.taken[i]) != 0)
                    return false;
            }

            return true;
        }

        public void Add(FeatureBins feature, int common, ulong[] away)
        {
            feature.Share(column, this.NextCode, common);
            this.NextCode += feature.Bins - 1;
            for (var i = 0; i < away.Length; i++)
                this.taken[i] |= away[i];
        }
    }
}
