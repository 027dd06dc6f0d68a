using System.Globalization;
using Ci.Onnx;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Runs a model over a table, in batches and on several threads; a batch's rows do not depend on which thread ran them.</summary>
internal sealed class ModelScorer(OnnxSession session, ModelLayout layout, string shownModel)
{
    private const int BatchRows = 512;

    public Scores Score(Table table, string target, int threads) =>
        this.Score(table, table.Matrix(layout.Features), layout.Targets(table, target), threads);

    /// <summary>Scores rows that are not (or not as they stand) in the table.</summary>
    /// <param name="table">What messages speak of.</param>
    /// <param name="matrix">Row-major features.</param>
    /// <param name="targets">One a row.</param>
    /// <param name="threads">How many may help; the scores do not depend on it.</param>
    public Scores Score(Table table, float[] matrix, double[] targets, int threads)
    {
        var width = layout.Features.Count;
        var reader = new OutputReader(session, layout, shownModel, table);
        var scores = reader.Allocate(targets);
        var batches = (targets.Length + BatchRows - 1) / BatchRows;
        try
        {
            Parallel.For(0, batches, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) }, b =>
            {
                var first = b * BatchRows;
                var rows = Math.Min(BatchRows, targets.Length - first);
                var input = matrix.AsSpan(first * width, rows * width);
                reader.Read(session.Run([this.Input(input, rows, width)]), first, rows, scores);
            });
        }
        catch (AggregateException error) when (error.InnerExceptions[0] is EvaluationException or OnnxException)
        {
            throw error.InnerExceptions.OrderBy(e => e.Message, StringComparer.Ordinal).First();
        }

        return scores;
    }

    /// <summary>The model's input of some rows.</summary>
    public OnnxValue Input(ReadOnlySpan<float> rows, int count, int width)
    {
        var info = session.Inputs[0];
        long[] shape = info.Shape.Length == 1 ? [width] : [count, width];
        if (info.ElementType == OnnxElementType.Float)
            return OnnxValue.Of(info.Name, rows.ToArray(), shape);
        var wide = new double[rows.Length];
        for (var i = 0; i < wide.Length; i++)
            wide[i] = rows[i];
        return OnnxValue.Of(info.Name, wide, shape);
    }

    /// <summary>
    /// A model's 32-bit number as the double nearest to its shortest decimal form: what is measured is then exactly what the
    /// predictions file says, and a comparison finds the same metrics again.
    /// </summary>
    public static double Shortest(double value)
    {
        var single = (float)value;
        return single == value ? double.Parse(single.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;
    }
}
