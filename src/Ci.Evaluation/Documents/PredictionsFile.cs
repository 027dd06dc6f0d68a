namespace Ci.Evaluation;

/// <summary>Where the per-example predictions lie.</summary>
/// <param name="Path">Relative to the folder of the evaluation, with '/'.</param>
/// <param name="Sha256">SHA-256 of the file's bytes.</param>
public sealed record PredictionsFile(string Path, string Sha256);
