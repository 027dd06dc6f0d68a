namespace Ci.Training.Tests;

/// <summary>Small made-up sets whose right answers are known.</summary>
internal static class Sets
{
    /// <summary>y depends on a step, a wave and a one-hot column; every <paramref name="missingEvery"/>th value of the first feature is missing, which itself means +5.</summary>
    public static TrainingSet Regression(int rows = 2000, int missingEvery = 0, double noise = 0.1, int seed = 1)
    {
        var numbers = new Random(seed);
        var columns = Enumerable.Range(0, 6).Select(_ => new float[rows]).ToArray();
        var target = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            var kind = row % 3;
            columns[0][row] = (float)(numbers.NextDouble() * 10);
            columns[1][row] = (float)((numbers.NextDouble() * 2000) + 30000);
            columns[2][row] = kind == 0 ? 1 : 0;
            columns[3][row] = kind == 1 ? 1 : 0;
            columns[4][row] = kind == 2 ? 1 : 0;
            columns[5][row] = 7;
            target[row] = (columns[0][row] > 4 ? 3 : 0) + Math.Sin(columns[1][row] / 200) + kind + (noise * (numbers.NextDouble() - 0.5));
            if (missingEvery > 0 && row % missingEvery == 0)
            {
                columns[0][row] = float.NaN;
                target[row] = 5 + kind;
            }
        }

        return new TrainingSet(["step", "wave", "kind_0", "kind_1", "kind_2", "constant"], columns, "y", target);
    }

    /// <summary>y = 3a − 2b + 1000 exactly, with values far from zero.</summary>
    public static TrainingSet Line(int rows = 500)
    {
        var numbers = new Random(2);
        float[] a = new float[rows], b = new float[rows];
        var target = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            a[row] = numbers.Next(30000, 31000);
            b[row] = numbers.Next(-50, 50);
            target[row] = (3 * a[row]) - (2 * b[row]) + 1000;
        }

        return new TrainingSet(["a", "b"], [a, b], "y", target);
    }

    /// <summary>Points around k centres on a circle, labelled 10, 20, 30, …</summary>
    public static TrainingSet Classes(int classes, int rows = 900, bool missing = false)
    {
        var numbers = new Random(3);
        float[] x = new float[rows], y = new float[rows];
        var target = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            var own = row % classes;
            x[row] = (float)((4 * Math.Cos(2 * Math.PI * own / classes)) + ((numbers.NextDouble() - 0.5) * 5));
            y[row] = (float)((4 * Math.Sin(2 * Math.PI * own / classes)) + ((numbers.NextDouble() - 0.5) * 5));
            if (missing && row % 7 == 0)
                x[row] = float.NaN;
            target[row] = 10 * (own + 1);
        }

        return new TrainingSet(["x", "y"], [x, y], "class", target);
    }

    public static double Rmse(TrainedModel model, TrainingSet set)
    {
        var predictions = model.Predict(set);
        return Math.Sqrt(predictions.Select((p, row) => Math.Pow(p - set.Target[row], 2)).Average());
    }

    public static double Accuracy(TrainedModel model, TrainingSet set)
    {
        var probabilities = model.Predict(set);
        var k = model.Classes.Count;
        return Enumerable.Range(0, set.Rows).Average(row =>
        {
            var own = probabilities.AsSpan(row * k, k);
            return model.Classes[own.IndexOf(own.ToArray().Max())] == set.Target[row] ? 1.0 : 0.0;
        });
    }
}
