namespace Ci.Releases;

/// <summary>One file of a bundle.</summary>
public sealed record BundleEntry(string Name, long Bytes);
