using System.Security.Cryptography;

namespace Ci.Releases;

/// <summary>
/// The rules by which a release may be trusted, in this order: the bundle is signed by a listed key; the document is the signed one; the
/// document keeps every rule and has the id of its content; the signed files are exactly the document's files with the same digests.
/// </summary>
public static class ReleaseVerification
{
    /// <summary>Verifies document and bundle; no file is opened.</summary>
    /// <exception cref="ReleaseRefusedException">The first rule that does not hold.</exception>
    public static VerifiedRelease Verify(ReadOnlySpan<byte> releaseJson, ReadOnlySpan<byte> bundle, IReadOnlyList<TrustedKey> keys)
    {
        var manifest = ModelSigning.Verify(bundle, keys);
        var document = manifest.Files.FirstOrDefault(file => file.Name == Release.FileName)
            ?? throw new ReleaseRefusedException(RefusalCode.SignatureInvalid, $"the signature does not cover {Release.FileName}");
        if (document.Sha256 != Sha256Digest.Of(releaseJson))
            throw new ReleaseRefusedException(RefusalCode.DigestMismatch, $"{Release.FileName} is not the document that was signed");
        var release = Release.Read(releaseJson);
        var signed = manifest.Files.Where(file => file.Name != Release.FileName).ToDictionary(file => file.Name, file => file.Sha256, StringComparer.Ordinal);
        foreach (var artifact in release.Artifacts)
        {
            if (!signed.Remove(artifact.Path, out var digest))
                throw new ReleaseRefusedException(RefusalCode.SignatureInvalid, $"the signature does not cover {Names.Quote(artifact.Path)}");
            if (digest != artifact.Sha256)
                throw new ReleaseRefusedException(RefusalCode.DigestMismatch, $"{Names.Quote(artifact.Path)} was signed with another digest than {Release.FileName} says");
        }

        return signed.Count == 0
            ? new VerifiedRelease(release, manifest.KeyHint)
            : throw new ReleaseRefusedException(RefusalCode.SignatureInvalid, $"the signature covers {Names.Quote(signed.Keys.First())}, which is no file of the release");
    }

    /// <summary>Signs a sealed release: the bundle over <c>release.json</c> with these bytes, and every artifact.</summary>
    public static byte[] Sign(ECDsa key, Release release, ReadOnlySpan<byte> releaseJson) => ModelSigning.Sign(
        key,
        release.Name,
        [new SignedFile(Release.FileName, Sha256Digest.Of(releaseJson)), .. release.Artifacts.Select(artifact => new SignedFile(artifact.Path, artifact.Sha256))]);
}
