using System.Globalization;
using System.IO.Compression;
using System.Text;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// <c>predictions.csv.gz</c>: row (from 1, as in the data file), key, target, prediction, then <c>probability</c> (binary) or
/// <c>probability.CLASS</c> columns, then <c>slice.NAME</c> columns; rows in the order of the key. The same predictions give the same
/// bytes: the gzip header says no time and no name.
/// </summary>
internal static class PredictionsCsv
{
    private const string SlicePrefix = "slice.";

    public static byte[] Write(Predictions predictions)
    {
        var scores = predictions.Scores;
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal))
        using (var writer = new StreamWriter(gzip, new UTF8Encoding(false)) { NewLine = "\n" })
        {
            writer.WriteLine(string.Join(',', Header(predictions).Select(Quote)));
            var width = scores.Probability is null ? 0 : scores.Probability.Length / scores.Rows;
            for (var i = 0; i < scores.Rows; i++)
            {
                writer.Write(predictions.Rows[i]);
                writer.Write(',');
                writer.Write(Quote(predictions.Keys?[i] ?? ""));
                writer.Write(',');
                writer.Write(Name(scores.Target[i], predictions.Classes));
                writer.Write(',');
                writer.Write(Name(scores.Prediction[i], predictions.Classes));
                for (var k = 0; k < width; k++)
                {
                    writer.Write(',');
                    writer.Write(Number(scores.Probability![(i * width) + k]));
                }

                foreach (var (_, values) in predictions.Slicings)
                {
                    writer.Write(',');
                    writer.Write(Quote(values[i]));
                }

                writer.WriteLine();
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote, for an evaluation that states the task and classes.</summary>
    /// <exception cref="TableException">The file is damaged.</exception>
    /// <exception cref="EvaluationException">Its content contradicts the evaluation.</exception>
    public static Predictions Read(byte[] bytes, string shown, ModelEvaluation evaluation)
    {
        var table = DataFile.Parse(bytes, shown);
        if (table.Rows != evaluation.Data.Rows)
            throw new EvaluationException($"{shown}: it has {table.Rows} rows, but the evaluation says {evaluation.Data.Rows}");
        var classes = evaluation.Classes;
        var probability = evaluation.Task switch
        {
            Tasks.Binary when table.Has("probability") => table.Numbers("probability"),
            Tasks.Multiclass when classes.Count > 0 && table.Has($"probability.{classes[0]}") => Interleave([.. classes.Select(c => table.Numbers($"probability.{c}"))]),
            _ => null,
        };
        var scores = new Scores(evaluation.Task, Values(table, "target", evaluation), Values(table, "prediction", evaluation), probability, classes.Count);
        if (scores.Target.Concat(scores.Prediction).Concat(probability ?? []).Any(double.IsNaN))
            throw new EvaluationException($"{shown}: a target, prediction or probability is missing");
        return new Predictions
        {
            Scores = scores,
            Rows = [.. table.Numbers("row").Select(r => (long)r)],
            Keys = table.Texts("key"),
            Classes = classes,
            Slicings = [.. table.Columns.Where(c => c.StartsWith(SlicePrefix, StringComparison.Ordinal)).Select(c => (c[SlicePrefix.Length..], table.Texts(c)))],
        };
    }

    private static IEnumerable<string> Header(Predictions predictions)
    {
        string[] probabilities = predictions.Scores.Probability is null ? []
            : predictions.Scores.Task == Tasks.Multiclass ? [.. predictions.Classes.Select(c => $"probability.{c}")]
            : ["probability"];
        return ["row", "key", "target", "prediction", .. probabilities, .. predictions.Slicings.Select(s => SlicePrefix + s.Name)];
    }

    private static double[] Values(Table table, string column, ModelEvaluation evaluation)
    {
        if (evaluation.Task == Tasks.Regression)
            return table.Numbers(column);
        var numbers = evaluation.Classes.Select((name, c) => (name, c)).ToDictionary(pair => pair.name, pair => (double)pair.c, StringComparer.Ordinal);
        return [.. table.Texts(column).Select(text => numbers.TryGetValue(text, out var number)
            ? number
            : throw new EvaluationException($"{table.Name}: column '{column}' holds a class that the evaluation does not list"))];
    }

    private static double[] Interleave(double[][] columns)
    {
        var all = new double[columns.Length * columns[0].Length];
        for (var i = 0; i < all.Length; i++)
            all[i] = columns[i % columns.Length][i / columns.Length];
        return all;
    }

    private static string Name(double value, IReadOnlyList<string> classes) => classes.Count > 0 ? Quote(classes[(int)value]) : Number(value);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
