using Ci.Onnx;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Turns a model's outputs into predictions: <c>prediction</c>; <c>label</c> and <c>probabilities</c>; or what stands for them in other models.</summary>
internal sealed class OutputReader
{
    private readonly ModelLayout layout;
    private readonly string shownModel;
    private readonly Table table;
    private readonly int values = -1;
    private readonly int labels = -1;

    public OutputReader(OnnxSession session, ModelLayout layout, string shownModel, Table table)
    {
        (this.layout, this.shownModel, this.table) = (layout, shownModel, table);
        var named = layout.Task == Tasks.Regression ? "prediction" : "probabilities";
        for (var i = session.Outputs.Count - 1; i >= 0; i--)
        {
            var output = session.Outputs[i];
            var real = output.ElementType is OnnxElementType.Float or OnnxElementType.Double;
            if (real && (this.values < 0 || session.Outputs[this.values].Name != named || output.Name == named))
                this.values = i;
            else if (output.ElementType is OnnxElementType.Int64 or OnnxElementType.Int32 && layout.Task != Tasks.Regression)
                this.labels = i;
        }

        if (this.values < 0 && (this.labels < 0 || layout.Task == Tasks.Regression))
            throw new EvaluationException($"{shownModel}: none of its outputs ({string.Join("; ", session.Outputs)}) can be read as {layout.Task} predictions; a regression needs an FP32 or FP64 output [rows, 1], a classification FP32 `probabilities` [rows, classes] or an INT64 `label` [rows]");
    }

    public Scores Allocate(double[] targets)
    {
        var width = this.layout.Task == Tasks.Multiclass ? this.layout.Classes.Count : 1;
        var probability = this.layout.Task == Tasks.Regression || this.values < 0 ? null : new double[targets.Length * width];
        return new Scores(this.layout.Task, targets, new double[targets.Length], probability, this.layout.Classes.Count);
    }

    public void Read(IReadOnlyList<OnnxValue> outputs, int first, int rows, Scores scores)
    {
        if (this.values >= 0)
            this.ReadValues(outputs[this.values], first, rows, scores);
        if (this.labels >= 0)
            this.ReadLabels(outputs[this.labels], first, rows, scores);
    }

    private void ReadValues(OnnxValue output, int first, int rows, Scores scores)
    {
        var read = output.ToDoubles();
        var width = this.layout.Task == Tasks.Regression ? 1 : this.layout.Classes.Count;
        if (read.Length != rows * width && !(this.layout.Task == Tasks.Binary && read.Length == rows))
            throw new EvaluationException($"{this.shownModel}: its output '{output.Name}' has {read.Length} numbers for {rows} rows; expected {width} a row");
        var stride = read.Length / rows;
        for (var row = 0; row < rows; row++)
        {
            for (var k = 0; k < stride; k++)
            {
                if (!double.IsFinite(read[(row * stride) + k]))
                    throw new EvaluationException($"{this.shownModel}: its output '{output.Name}' is not finite for row {first + row + 1} ({this.table.Name}:{this.table.LineOf(first + row)}); look for missing or extreme feature values there");
            }

            this.ReadRow(read.AsSpan(row * stride, stride), first + row, scores);
        }
    }

    private void ReadRow(ReadOnlySpan<double> said, int row, Scores scores)
    {
        if (this.layout.Task == Tasks.Regression)
        {
            scores.Prediction[row] = ModelScorer.Shortest(said[0]);
            return;
        }

        var width = scores.Task == Tasks.Multiclass ? said.Length : 1;
        var kept = scores.Task == Tasks.Multiclass ? said : said[^1..];
        foreach (var p in said)
        {
            if (p is < -1e-4 or > 1.0001)
                throw new EvaluationException($"{this.shownModel}: it gives {p} for row {row + 1}, which is no probability; a classification needs an output of probabilities (apply a softmax or sigmoid inside the model)");
        }

        var best = 0;
        for (var k = 0; k < width; k++)
        {
            scores.Probability![(row * width) + k] = ModelScorer.Shortest(kept[k]);
            if (kept[k] > kept[best])
                best = k;
        }

        scores.Prediction[row] = scores.Task == Tasks.Multiclass ? best : kept[0] >= 0.5 ? 1 : 0;
    }

    /// <summary>The model's own label wins over the likeliest class: it may weigh classes differently.</summary>
    private void ReadLabels(OnnxValue output, int first, int rows, Scores scores)
    {
        var read = output.ToDoubles();
        if (read.Length != rows)
            throw new EvaluationException($"{this.shownModel}: its output '{output.Name}' has {read.Length} labels for {rows} rows");
        for (var row = 0; row < rows; row++)
        {
            var label = this.layout.Classes.Select((name, c) => double.TryParse(name, out var number) && number == read[row] ? c : -1).FirstOrDefault(c => c >= 0, -1);
            if (label < 0 && read[row] >= 0 && read[row] < this.layout.Classes.Count && !double.TryParse(this.layout.Classes[0], out _))
                label = (int)read[row];
            if (label < 0)
                throw new EvaluationException($"{this.shownModel}: its label {read[row]} for row {first + row + 1} is none of its classes {string.Join(", ", this.layout.Classes.Take(30))}");
            scores.Prediction[first + row] = label;
        }
    }
}
