namespace Ci.Storage;

/// <summary>Part of a list of blobs.</summary>
/// <param name="Blobs">In ordinal order of their keys.</param>
/// <param name="Next">Asks for what follows; null at the end.</param>
public sealed record BlobPage(IReadOnlyList<BlobInfo> Blobs, string? Next);
