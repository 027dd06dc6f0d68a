namespace Ci.Evaluation;

/// <summary>One model's evaluation, as read for a comparison.</summary>
/// <param name="Evaluation">The document.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Predictions">Its per-example predictions; null where they cannot be had.</param>
/// <param name="Trouble">Why they cannot be had, in words.</param>
internal sealed record ComparisonSide(ModelEvaluation Evaluation, string Sha256, Predictions? Predictions, string? Trouble)
{
    /// <summary>Reads an evaluation and the predictions that it names, and checks these against their digest.</summary>
    public static ComparisonSide Read(string shown, string fullPath)
    {
        var bytes = DataFile.ReadBytes(shown, fullPath);
        ModelEvaluation evaluation;
        try
        {
            evaluation = ModelEvaluation.Read(bytes);
        }
        catch (EvaluationException error)
        {
            throw new EvaluationException($"{shown}: {error.Message}", error);
        }

        var side = new ComparisonSide(evaluation, DataFile.Digest(bytes), null, null);
        if (evaluation.Predictions is not { } named)
            return side with { Trouble = $"{shown} names no per-example predictions" };
        var path = Path.Combine(Path.GetDirectoryName(fullPath)!, named.Path);
        if (!File.Exists(path))
            return side with { Trouble = $"the predictions {named.Path} beside {shown} are missing" };
        var csv = DataFile.ReadBytes(named.Path, path);
        if (DataFile.Digest(csv) != named.Sha256)
            throw new EvaluationException($"{named.Path}: it is not the file that {shown} names (its SHA-256 is {DataFile.Digest(csv)[..12]}…, expected {named.Sha256[..Math.Min(12, named.Sha256.Length)]}…); fetch both again, or evaluate again");
        return side with { Predictions = PredictionsCsv.Read(csv, named.Path, evaluation) };
    }
}
