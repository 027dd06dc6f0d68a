namespace Ci.Forges;

/// <summary>A file to publish.</summary>
/// <param name="Name">How the caller refers to it; only its extension reaches the published name.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">E.g. "image/svg+xml".</param>
public sealed record Asset(string Name, ReadOnlyMemory<byte> Content, string ContentType);
