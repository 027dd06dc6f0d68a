namespace Ci.Build.Image;

/// <summary>One layer, in bytes: as it travels, and unpacked.</summary>
internal sealed record LayerSize(string Digest, string Name, long Compressed, long Unpacked);
