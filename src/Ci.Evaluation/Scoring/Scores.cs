namespace Ci.Evaluation;

/// <summary>Targets and what a model said of them, a row each, in the order of the key.</summary>
/// <param name="Task">One of <see cref="Tasks"/>.</param>
/// <param name="Target">Values, or class numbers.</param>
/// <param name="Prediction">Values, or class numbers.</param>
/// <param name="Probability">Binary: of class 1. Multiclass: row-major rows × classes. Null for a regression or where the model gives none.</param>
/// <param name="Classes">The number of classes; 0 for a regression.</param>
internal sealed record Scores(string Task, double[] Target, double[] Prediction, double[]? Probability, int Classes)
{
    public int Rows => this.Target.Length;

    private int Width => this.Task == Tasks.Multiclass ? this.Classes : 1;

    /// <summary>The same of some rows, in the order given.</summary>
    public Scores Take(IReadOnlyList<int> rows) => this with
    {
        Target = [.. rows.Select(r => this.Target[r])],
        Prediction = [.. rows.Select(r => this.Prediction[r])],
        Probability = this.Probability is { } p ? [.. rows.SelectMany(r => new ArraySegment<double>(p, r * this.Width, this.Width))] : null,
    };

    /// <summary>What the metrics are made of, a number a row; the longest memory among them decides how long blocks must be.</summary>
    public double[][] Memories() => this.Task == Tasks.Multiclass || (this.Task == Tasks.Binary && this.Probability is null)
        ? [this.Losses()]
        : [this.Losses(), [.. (this.Probability ?? this.Prediction).Zip(this.Target, (said, truth) => said - truth)]];

    /// <summary>A loss a row: squared error, or whether the label is wrong.</summary>
    public double[] Losses()
    {
        var losses = new double[this.Rows];
        for (var i = 0; i < losses.Length; i++)
        {
            var error = this.Prediction[i] - this.Target[i];
            losses[i] = this.Task == Tasks.Regression ? error * error : error == 0 ? 0 : 1;
        }

        return losses;
    }

    /// <summary>Whether two models said exactly the same on every row, not just the same label.</summary>
    public bool SaysTheSameAs(Scores other) => this.Task == Tasks.Regression
        ? this.Prediction.AsSpan().SequenceEqual(other.Prediction)
        : this.Probability is { } mine && other.Probability is { } theirs && mine.AsSpan().SequenceEqual(theirs) && this.Prediction.AsSpan().SequenceEqual(other.Prediction);
}
