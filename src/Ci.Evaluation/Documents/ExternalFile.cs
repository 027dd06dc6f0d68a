namespace Ci.Evaluation;

/// <summary>A file beside the model that holds weights of it.</summary>
/// <param name="Path">As the model names it: relative to the model's folder, with '/'.</param>
/// <param name="Sha256">SHA-256 of the file's bytes.</param>
/// <param name="Bytes">Its size.</param>
public sealed record ExternalFile(string Path, string Sha256, long Bytes);
