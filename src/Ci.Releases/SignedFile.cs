namespace Ci.Releases;

/// <summary>One file of a signed manifest: its path within the release, and the digest of its bytes.</summary>
public sealed record SignedFile(string Name, Sha256Digest Sha256);
