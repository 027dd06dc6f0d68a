namespace Ci.Training.Linear;

/// <summary>Mean and spread of every feature; a constant feature has spread 1, so its standardised value is 0 and its coefficient too.</summary>
internal sealed record Standardiser(float[] Means, double[] Spreads)
{
    /// <summary>Rows a block may hold: sums are made per block and added in order, so threads do not change them.</summary>
    public const int BlockRows = 1024;

    /// <summary>Measures every feature.</summary>
    /// <exception cref="TrainingException">A cell is empty: linear models have no answer to a missing value.</exception>
    public static Standardiser Of(TrainingSet set)
    {
        var means = new float[set.Features.Count];
        var spreads = new double[means.Length];
        for (var feature = 0; feature < means.Length; feature++)
        {
            var column = set.Column(feature);
            double sum = 0, squares = 0;
            for (var row = 0; row < column.Length; row++)
            {
                if (float.IsNaN(column[row]))
                    throw new TrainingException($"column `{set.Features[feature]}`, data row {row + 1}: the cell is empty, which a linear model cannot use; fill or drop it while preparing the data, exclude the column, or train boosted-trees");
                sum += column[row];
            }

            // The mean is rounded to FP32 because the file subtracts it in FP32: both must subtract the very same number.
            means[feature] = (float)(sum / column.Length);
            foreach (var value in column)
                squares += ((double)value - means[feature]) * ((double)value - means[feature]);
            var spread = Math.Sqrt(squares / column.Length);
            spreads[feature] = spread > 1e-12 * Math.Max(1, Math.Abs(means[feature])) ? spread : 1;
        }

        return new Standardiser(means, spreads);
    }

    /// <summary>Standardised values of some rows, row after row.</summary>
    public void Fill(TrainingSet set, int start, int count, Span<double> block)
    {
        var width = this.Means.Length;
        for (var feature = 0; feature < width; feature++)
        {
            var column = set.Column(feature).Slice(start, count);
            double mean = this.Means[feature], scale = 1 / this.Spreads[feature];
            for (int row = 0, at = feature; row < column.Length; row++, at += width)
                block[at] = (column[row] - mean) * scale;
        }
    }

    public static int Blocks(int rows) => (rows + BlockRows - 1) / BlockRows;
}
