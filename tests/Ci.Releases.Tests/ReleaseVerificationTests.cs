using System.Security.Cryptography;

namespace Ci.Releases.Tests;

public sealed class ReleaseVerificationTests : IDisposable
{
    private readonly ECDsa key = Examples.Key();

    [Fact]
    public void A_signed_release_verifies()
    {
        var release = Examples.Release().Seal();
        var bytes = release.ToBytes();
        var verified = ReleaseVerification.Verify(bytes, ReleaseVerification.Sign(key, release, bytes), [TrustedKey.Of(key)]);
        Assert.Equal(release.Id, verified.Release.Id);
        verified.CheckArtifact("model.onnx", 1000, Examples.Digest(1));
        Assert.Equal(RefusalCode.SizeMismatch, Examples.Refused(() => verified.CheckArtifact("model.onnx", 999, Examples.Digest(1))).Code);
        Assert.Equal(RefusalCode.DigestMismatch, Examples.Refused(() => verified.CheckArtifact("model.onnx", 1000, Examples.Digest(3))).Code);
        Assert.Equal(RefusalCode.PathEscape, Examples.Refused(() => verified.CheckArtifact("other", 1000, Examples.Digest(1))).Code);
    }

    [Fact]
    public void Another_document_under_the_same_signature_is_refused()
    {
        var release = Examples.Release().Seal();
        var other = (Examples.Release() with { Version = "9.0.0" }).Seal();
        var bundle = ReleaseVerification.Sign(key, release, release.ToBytes());
        Assert.Equal(RefusalCode.DigestMismatch, Examples.Refused(() => ReleaseVerification.Verify(other.ToBytes(), bundle, [TrustedKey.Of(key)])).Code);
    }

    [Fact]
    public void A_signature_that_leaves_out_a_file_is_refused()
    {
        var release = Examples.Release().Seal();
        var bytes = release.ToBytes();
        var bundle = ModelSigning.Sign(key, "energy-load", [new(Release.FileName, Sha256Digest.Of(bytes)), new("model.onnx", Examples.Digest(1))]);
        Assert.Contains("golden.json", Refused(bytes, bundle, RefusalCode.SignatureInvalid), StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_over_a_stranger_file_is_refused()
    {
        var release = Examples.Release().Seal();
        var bytes = release.ToBytes();
        SignedFile[] files = [new(Release.FileName, Sha256Digest.Of(bytes)), new("model.onnx", Examples.Digest(1)), new("golden.json", Examples.Digest(2)), new("x", Examples.Digest(3))];
        Assert.Contains("'x'", Refused(bytes, ModelSigning.Sign(key, "energy-load", files), RefusalCode.SignatureInvalid), StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_with_another_digest_for_a_file_is_refused()
    {
        var release = Examples.Release().Seal();
        var bytes = release.ToBytes();
        SignedFile[] files = [new(Release.FileName, Sha256Digest.Of(bytes)), new("model.onnx", Examples.Digest(7)), new("golden.json", Examples.Digest(2))];
        Refused(bytes, ModelSigning.Sign(key, "energy-load", files), RefusalCode.DigestMismatch);
    }

    public void Dispose() => key.Dispose();

    private string Refused(byte[] document, byte[] bundle, RefusalCode code)
    {
        var refused = Examples.Refused(() => ReleaseVerification.Verify(document, bundle, [TrustedKey.Of(key)]));
        Assert.Equal(code, refused.Code);
        return refused.Message;
    }
}
