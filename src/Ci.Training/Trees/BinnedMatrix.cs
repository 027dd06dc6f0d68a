namespace Ci.Training.Trees;

/// <summary>
/// The training set as codes of one byte: eight columns side by side in one 64-bit word a row, so that one load serves eight histograms.
/// Features that are never away from their commonest bin in the same row (one-hot columns) share a column without loss (Ke et al. 2017,
/// "exclusive feature bundling").
/// </summary>
internal sealed class BinnedMatrix
{
    public const int Lanes = 8;
    public const int Codes = 256;

    private readonly ulong[][] words;

    private BinnedMatrix(ulong[][] blocks, FeatureBins[] features, int columns, int rows)
    {
        this.words = blocks;
        this.Features = features;
        this.Columns = columns;
        this.Rows = rows;
        this.FeaturesOfBlock = [.. Enumerable.Range(0, blocks.Length).Select(block =>
            features.Where(feature => feature.Column >= 0 && feature.Column / Lanes == block).Select(feature => feature.Feature).ToArray())];
    }

    public FeatureBins[] Features { get; }

    /// <summary>The features whose columns lie in a block, ascending.</summary>
    public int[][] FeaturesOfBlock { get; }

    public int Columns { get; }

    public int Rows { get; }

    public int Blocks => this.words.Length;

    public ulong[] Block(int block) => this.words[block];

    public static BinnedMatrix Of(TrainingSet set, int maxBins, TrainingContext context)
    {
        var features = new FeatureBins[set.Features.Count];
        var bins = new byte[features.Length][];
        Parallel.For(
            0,
            features.Length,
            context.Parallelism,
            () => (Keys: new uint[set.Rows], Spare: new uint[set.Rows]),
            (feature, _, scratch) =>
            {
                features[feature] = Bin(set, feature, maxBins, scratch.Keys, scratch.Spare, out bins[feature]);
                return scratch;
            },
            _ => { });
        var layout = new ColumnLayout(features, bins, set.Rows);
        var blocks = new ulong[(layout.Columns + Lanes - 1) / Lanes][];
        Parallel.For(0, blocks.Length, context.Parallelism, block =>
        {
            var fresh = blocks[block] = new ulong[set.Rows];
            foreach (var feature in features.Where(f => f.Column >= 0 && f.Column / Lanes == block))
                Merge(fresh, bins[feature.Feature], feature);
        });
        return new BinnedMatrix(blocks, features, layout.Columns, set.Rows);
    }

    public int Code(int column, int row) => (byte)(this.words[column / Lanes][row] >> (column % Lanes * 8));

    private static FeatureBins Bin(TrainingSet set, int feature, int maxBins, uint[] keys, uint[] spare, out byte[] codes)
    {
        var column = set.Column(feature);
        var cuts = Quantiles.Cuts(column, maxBins, keys, spare);
        var bins = new FeatureBins(feature, cuts, HasNaN(column));
        codes = new byte[column.Length];
        for (var row = 0; row < codes.Length; row++)
            codes[row] = (byte)bins.BinOf(column[row]);
        return bins;
    }

    private static bool HasNaN(ReadOnlySpan<float> column)
    {
        foreach (var value in column)
        {
            if (float.IsNaN(value))
                return true;
        }

        return false;
    }

    private static void Merge(ulong[] block, byte[] bins, FeatureBins feature)
    {
        var shift = feature.Column % Lanes * 8;
        var codes = new ulong[Codes];
        for (var bin = 0; bin < feature.Bins; bin++)
            codes[bin] = (ulong)feature.CodeOf(bin) << shift;
        for (var row = 0; row < block.Length; row++)
            block[row] |= codes[bins[row]];
    }
}
