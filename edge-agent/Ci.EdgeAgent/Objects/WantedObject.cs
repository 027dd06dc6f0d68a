namespace Ci.EdgeAgent.Objects;

/// <summary>An object that a signed release names: SHA-256 (hex) and signed size.</summary>
internal sealed record WantedObject(string Sha256, long Bytes);
