namespace Ci.Evaluation;

/// <summary>What an evaluation must hold to beyond its shape; everything that is wrong is said at once.</summary>
internal static class EvaluationRules
{
    private const int MostEntries = 5_000;
    private const int LongestText = 4_000;

    public static void Check(ModelEvaluation evaluation)
    {
        var wrong = new List<string>();
        // Annotations guard properties, not the members of lists.
        if (evaluation.Metrics.Concat(evaluation.TrainingMetrics).Any(m => m is null) || evaluation.Slices.Any(s => s?.Metrics is null || s.Metrics.Any(m => m is null)) || evaluation.Classes.Any(c => c is null))
            throw new EvaluationException("the evaluation is not valid: a list holds null");
        if (!Tasks.All.Contains(evaluation.Task, StringComparer.Ordinal))
            wrong.Add($"task is none of {string.Join(", ", Tasks.All)}");
        Digest(wrong, "model.sha256", evaluation.Model.Sha256);
        Digest(wrong, "data.sha256", evaluation.Data.Sha256);
        if (evaluation.Data.TrainingSha256 is { } training)
            Digest(wrong, "data.trainingSha256", training);
        CheckExternal(wrong, evaluation.Model.ExternalData ?? []);
        if (evaluation.Predictions is { } predictions)
        {
            Digest(wrong, "predictions.sha256", predictions.Sha256);
            if (!IsConfined(predictions.Path))
                wrong.Add("predictions.path must be relative and stay below the evaluation's folder");
        }

        if (evaluation.Model.Bytes < 0 || evaluation.Data.Rows < 1)
            wrong.Add("model.bytes or data.rows is out of range");
        if (evaluation.Data.RowsAlsoInTraining is { } leaked && (leaked < 0 || leaked > evaluation.Data.Rows))
            wrong.Add("data.rowsAlsoInTraining is out of range");
        if (evaluation.Metrics.Count == 0)
            wrong.Add("metrics is empty");
        if (evaluation.Slices.Count > MostEntries)
            wrong.Add($"slices has {evaluation.Slices.Count} entries; at most {MostEntries} are read");
        CheckMetrics(wrong, "metrics", evaluation.Metrics);
        CheckMetrics(wrong, "trainingMetrics", evaluation.TrainingMetrics);
        foreach (var slice in evaluation.Slices)
            CheckMetrics(wrong, "slices.metrics", slice.Metrics);
        CheckTexts(wrong, evaluation);
        if (evaluation.Series is { } series)
            SeriesRules.Check(wrong, "series", series);
        SeriesRules.CheckLatency(wrong, "latency", evaluation.Latency?.P99Ms, evaluation.Latency?.QuantilesMs);
        if (wrong.Count > 0)
            throw new EvaluationException($"the evaluation is not valid: {string.Join("; ", wrong.Take(10))}");
    }

    /// <summary>A path from a document may name a file beside or below that document, and nothing else.</summary>
    public static bool IsConfined(string path) =>
        path.Length is > 0 and <= 1024
        && path[0] != '/'
        && !path.Contains('\\', StringComparison.Ordinal)
        && !path.Contains(':', StringComparison.Ordinal)
        && !path.Any(char.IsControl)
        && path.Split('/').All(part => part is not ("" or "." or ".."));

    private static void CheckExternal(List<string> wrong, IReadOnlyList<ExternalFile> files)
    {
        if (files.Count > MostEntries)
            wrong.Add($"model.externalData has {files.Count} entries; at most {MostEntries} are read");
        foreach (var file in files.Take(MostEntries))
        {
            Digest(wrong, "model.externalData.sha256", file?.Sha256 ?? "");
            if (file?.Path is null || !IsConfined(file.Path) || file.Bytes < 0)
                wrong.Add("model.externalData names a file that is not beside or below the model, or has an impossible size");
        }
    }

    private static void CheckTexts(List<string> wrong, ModelEvaluation evaluation)
    {
        string?[] texts =
        [
            evaluation.Target, evaluation.Unit, evaluation.Model.Name, evaluation.Model.Path, evaluation.Model.Producer,
            evaluation.Data.Path, evaluation.Data.Split, evaluation.Data.From, evaluation.Data.To, evaluation.Data.TrainingPath,
            .. evaluation.Slices.Select(slice => slice.Name),
        ];
        if (texts.Any(text => text?.Length > LongestText))
            wrong.Add($"a text is longer than {LongestText} characters");
        if (evaluation.Series?.Confusion is { } c && c.Counts.Count != c.Labels.Count * c.Labels.Count)
            wrong.Add("series.confusion needs a count for every pair of labels");
    }

    private static void CheckMetrics(List<string> wrong, string where, IReadOnlyList<MetricValue> metrics)
    {
        if (metrics.Count > MostEntries)
            wrong.Add($"{where} has {metrics.Count} entries; at most {MostEntries} are read");
        foreach (var metric in metrics)
        {
            if (!double.IsFinite(metric.Value) || metric.Low is { } l && !double.IsFinite(l) || metric.High is { } h && !double.IsFinite(h))
                wrong.Add($"{where}: '{Short(metric.Name)}' is not finite");
            if (metric.Low > metric.High)
                wrong.Add($"{where}: '{Short(metric.Name)}' has an interval whose ends are swapped");
            if (metric.Direction is not (null or "lower" or "higher"))
                wrong.Add($"{where}: '{Short(metric.Name)}' has a direction other than lower and higher");
        }
    }

    private static void Digest(List<string> wrong, string where, string value)
    {
        if (value.Length != 64 || !value.All(char.IsAsciiHexDigitLower))
            wrong.Add($"{where} is not 64 lowercase hexadecimal digits");
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] : text;
}
