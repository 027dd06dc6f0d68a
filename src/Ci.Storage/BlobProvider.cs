namespace Ci.Storage;

/// <summary>One kind of blob store.</summary>
/// <param name="Name">For messages: <c>a folder (a path or file://…)</c>.</param>
/// <param name="Accepts">Whether an address is of this kind.</param>
/// <param name="Open">Makes the store for a location; touches neither disk nor network.</param>
public sealed record BlobProvider(string Name, Func<string, bool> Accepts, Func<BlobLocation, IBlobStore> Open);
