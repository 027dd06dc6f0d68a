namespace Ci.Releases;

/// <summary>What a model-signing bundle states: these files of this subject, signed by this key.</summary>
public sealed record SignedManifest
{
    /// <summary>The subject's name: for our releases the model's.</summary>
    public required string Subject { get; init; }

    /// <summary>SHA-256 over the concatenated raw digests of the files, in their order.</summary>
    public required Sha256Digest SubjectSha256 { get; init; }

    public required IReadOnlyList<SignedFile> Files { get; init; }

    /// <summary>The hint of the key whose signature verified.</summary>
    public required string KeyHint { get; init; }
}
