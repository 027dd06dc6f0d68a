namespace Ci.Training.Linear;

/// <summary>XᵀX and Xᵀy of standardised features and the centred target, and their solution.</summary>
internal sealed class NormalEquations(int width)
{
    private readonly double[] gram = new double[width * width];
    private readonly double[] moments = new double[width];

    public static NormalEquations Of(TrainingSet set, Standardiser standardiser, double targetMean, TrainingContext context)
    {
        var width = set.Features.Count;
        // A fixed number of parts, each summed by one thread, then added in order: the same sums on any number of threads.
        const int parts = 8;
        var sums = new NormalEquations[parts];
        var blocks = Standardiser.Blocks(set.Rows);
        Parallel.For(0, parts, context.Parallelism, part =>
        {
            var sum = sums[part] = new NormalEquations(width);
            var buffer = new double[Standardiser.BlockRows * width];
            for (var block = blocks * part / parts; block < blocks * (part + 1) / parts; block++)
            {
                var start = block * Standardiser.BlockRows;
                var count = Math.Min(Standardiser.BlockRows, set.Rows - start);
                standardiser.Fill(set, start, count, buffer);
                sum.Add(buffer, count, set.Target.Slice(start, count), targetMean);
            }
        });
        foreach (var part in sums.Skip(1))
        {
            Axpy.Add(1, part.gram, sums[0].gram);
            Axpy.Add(1, part.moments, sums[0].moments);
        }

        return sums[0];
    }

    /// <summary>(XᵀX + λI)⁻¹ Xᵀy by Cholesky's decomposition.</summary>
    /// <exception cref="TrainingException">The matrix is singular: features depend on each other and lambda is 0.</exception>
    public double[] Solve(double lambda)
    {
        var lower = new double[width * width];
        for (var row = 0; row < width; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                // Only columns ≥ row of the Gram matrix are filled: it is symmetric.
                var sum = this.gram[(column * width) + row] + (row == column ? lambda : 0);
                for (var k = 0; k < column; k++)
                    sum -= lower[(row * width) + k] * lower[(column * width) + k];
                lower[(row * width) + column] = row == column ? Root(sum, this.gram[(row * width) + row], lambda) : sum / lower[(column * width) + column];
            }
        }

        var solution = new double[width];
        for (var row = 0; row < width; row++)
        {
            var sum = this.moments[row];
            for (var k = 0; k < row; k++)
                sum -= lower[(row * width) + k] * solution[k];
            solution[row] = sum / lower[(row * width) + row];
        }

        for (var row = width - 1; row >= 0; row--)
        {
            var sum = solution[row];
            for (var k = row + 1; k < width; k++)
                sum -= lower[(k * width) + row] * solution[k];
            solution[row] = sum / lower[(row * width) + row];
        }

        return solution;
    }

    private void Add(double[] block, int count, ReadOnlySpan<double> target, double targetMean)
    {
        for (var row = 0; row < count; row++)
        {
            var values = block.AsSpan(row * width, width);
            Axpy.Add(target[row] - targetMean, values, this.moments);
            for (var i = 0; i < width; i++)
                Axpy.Add(values[i], values[i..], this.gram.AsSpan((i * width) + i, width - i));
        }
    }

    private static double Root(double pivot, double diagonal, double lambda) =>
        pivot > 1e-10 * (diagonal + lambda) && pivot > 0
            ? Math.Sqrt(pivot)
            : throw new TrainingException("features depend on each other (one is a sum of others, or constant), so the coefficients are not determined; set `lambda` above 0 (1 is a good start) or exclude a column");
}
