namespace Ci.Releases;

/// <summary>A release whose document and signature verified; only <see cref="ReleaseVerification"/> makes one.</summary>
public sealed record VerifiedRelease
{
    internal VerifiedRelease(Release release, string keyHint)
    {
        Release = release;
        KeyHint = keyHint;
    }

    public Release Release { get; }

    /// <summary>The hint of the trusted key that signed it.</summary>
    public string KeyHint { get; }

    /// <summary>Throws unless the file at this path of the release has this size and digest.</summary>
    /// <exception cref="ReleaseRefusedException">path-escape: no such artifact; size-mismatch; digest-mismatch.</exception>
    public void CheckArtifact(string path, long bytes, Sha256Digest sha256)
    {
        var artifact = Release.Artifacts.FirstOrDefault(candidate => candidate.Path == path)
            ?? throw new ReleaseRefusedException(RefusalCode.PathEscape, $"{Names.Quote(path)} is no file of release {Release.Id.Brief}");
        if (artifact.Bytes != bytes)
            throw new ReleaseRefusedException(RefusalCode.SizeMismatch, $"{path} has {bytes} bytes; the signed release says {artifact.Bytes}");
        if (artifact.Sha256 != sha256)
            throw new ReleaseRefusedException(RefusalCode.DigestMismatch, $"{path} has SHA-256 {sha256.Brief}…; the signed release says {artifact.Sha256.Brief}…");
    }
}
