namespace Ci.Evaluation;

/// <summary>The schema file that was checked against.</summary>
/// <param name="Path">As the user gave it.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
public sealed record CheckedSchema(string Path, string Sha256);
