namespace Ci.Reporting;

/// <summary>One file of a release. <see cref="Hashed"/>: it lay beside the document, and its bytes were hashed again.</summary>
public sealed record CardFile(string Path, string Role, long Bytes, string Sha256, bool Hashed);
