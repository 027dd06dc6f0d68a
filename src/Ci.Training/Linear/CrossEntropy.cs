namespace Ci.Training.Linear;

/// <summary>
/// Mean cross-entropy of a softmax with an L2 penalty, and its gradient. Coefficients are <c>[features + 1, classes]</c>: the last row holds
/// the offsets, which are not penalised.
/// </summary>
internal sealed class CrossEntropy
{
    // A fixed number of parts, added in order: the same sums on any number of threads.
    private const int Parts = 8;

    private readonly double[][] blocks;
    private readonly int[] classOfRow;
    private readonly int width;
    private readonly int classes;
    private readonly double penalty;
    private readonly ParallelOptions parallelism;
    private readonly double[][] partGradients = new double[Parts][];
    private readonly double[] partLosses = new double[Parts];

    public CrossEntropy(TrainingSet set, Standardiser standardiser, ClassLabels labels, double l2, TrainingContext context)
    {
        this.width = set.Features.Count;
        this.classes = labels.Labels.Length;
        this.classOfRow = labels.Rows;
        this.penalty = l2 / set.Rows;
        this.parallelism = context.Parallelism;
        this.blocks = new double[Standardiser.Blocks(set.Rows)][];
        Parallel.For(0, this.blocks.Length, this.parallelism, block =>
        {
            var start = block * Standardiser.BlockRows;
            var count = Math.Min(Standardiser.BlockRows, set.Rows - start);
            this.blocks[block] = new double[count * this.width];
            standardiser.Fill(set, start, count, this.blocks[block]);
        });
    }

    /// <summary>Mean cross-entropy alone, of the last evaluation.</summary>
    public double LastLoss { get; private set; }

    public double Evaluate(double[] coefficients, double[] gradient)
    {
        Parallel.For(0, Parts, this.parallelism, part => this.EvaluatePart(part, coefficients));
        Array.Clear(gradient);
        double loss = 0;
        for (var part = 0; part < Parts; part++)
        {
            loss += this.partLosses[part];
            Axpy.Add(1.0 / this.classOfRow.Length, this.partGradients[part], gradient);
        }

        this.LastLoss = loss / this.classOfRow.Length;
        double squares = 0;
        for (var i = 0; i < this.width * this.classes; i++)
        {
            squares += coefficients[i] * coefficients[i];
            gradient[i] += this.penalty * coefficients[i];
        }

        return this.LastLoss + (this.penalty * squares / 2);
    }

    private void EvaluatePart(int part, double[] coefficients)
    {
        var gradient = this.partGradients[part] ??= new double[coefficients.Length];
        Array.Clear(gradient);
        var scores = new double[this.classes];
        double loss = 0;
        for (var block = this.blocks.Length * part / Parts; block < this.blocks.Length * (part + 1) / Parts; block++)
        {
            for (var row = 0; row < this.blocks[block].Length / this.width; row++)
            {
                var values = this.blocks[block].AsSpan(row * this.width, this.width);
                coefficients.AsSpan(this.width * this.classes, this.classes).CopyTo(scores);
                for (var i = 0; i < values.Length; i++)
                {
                    if (values[i] != 0)
                        Axpy.Add(values[i], coefficients.AsSpan(i * this.classes, this.classes), scores);
                }

                var own = this.classOfRow[(block * Standardiser.BlockRows) + row];
                var ownScore = scores[own];
                loss += Softmax.InPlace(scores) - ownScore;
                scores[own] -= 1;
                for (var i = 0; i < values.Length; i++)
                {
                    if (values[i] != 0)
                        Axpy.Add(values[i], scores, gradient.AsSpan(i * this.classes, this.classes));
                }

                Axpy.Add(1, scores, gradient.AsSpan(this.width * this.classes, this.classes));
            }
        }

        this.partLosses[part] = loss;
    }
}
