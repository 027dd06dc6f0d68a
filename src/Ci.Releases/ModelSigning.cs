using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ci.Releases;

/// <summary>
/// OpenSSF Model Signing v1.0 by the <c>key</c> method: a Sigstore bundle v0.3 around a DSSE envelope around an in-toto statement that
/// lists every file by SHA-256, signed by ECDSA. Bundles verify with the reference implementation and the other way round.
/// </summary>
public static class ModelSigning
{
    /// <summary>Signs these files. ECDSA P-256 with SHA-256 (P-384, P-521 with SHA-384, SHA-512), DER-encoded.</summary>
    /// <exception cref="ReleaseRefusedException">No file, a file twice, a path that leaves its folder, or a key of another curve.</exception>
    public static byte[] Sign(ECDsa key, string subjectName, IReadOnlyList<SignedFile> files)
    {
        var own = TrustedKey.Of(key);
        var payload = ModelStatement.Write(subjectName, files);
        // What verification would refuse must not be signed in the first place.
        ModelStatement.Read(payload, own.Hint);
        var signature = key.SignData(Pae(payload), TrustedKey.HashOf(own.Bits), DSASignatureFormat.Rfc3279DerSequence);
        JsonNode bundle = SigstoreBundle.Write(own.Hint, payload, signature);
        return [.. CanonicalJson.Of(bundle), (byte)'\n'];
    }

    /// <summary>Verifies a bundle against the listed keys; the manifest that comes back is what the key signed.</summary>
    /// <exception cref="ReleaseRefusedException">
    /// key-untrusted: made by another method, or by a key that is not listed; signature-invalid: malformed, or the signature does not fit;
    /// digest-mismatch: its own subject digest is wrong.
    /// </exception>
    public static SignedManifest Verify(ReadOnlySpan<byte> bundle, IReadOnlyList<TrustedKey> keys)
    {
        var parsed = SigstoreBundle.Read(bundle);
        if (parsed.Method != "key")
            throw new ReleaseRefusedException(RefusalCode.KeyUntrusted, $"the bundle was signed by the {parsed.Method} method; only listed keys are trusted here");
        var candidates = keys.Where(key => parsed.KeyHint is null || key.Hint == parsed.KeyHint).ToList();
        if (candidates.Count == 0)
        {
            throw new ReleaseRefusedException(
                RefusalCode.KeyUntrusted,
                $"the bundle was signed by key {Names.Quote(parsed.KeyHint?[..Math.Min(12, parsed.KeyHint.Length)])}, which is not among the {keys.Count} trusted keys");
        }

        var signed = Pae(parsed.Payload);
        var signer = candidates.Find(key => key.Verifies(signed, parsed.Signature))
            ?? throw new ReleaseRefusedException(RefusalCode.SignatureInvalid, "the signature does not fit the signed statement");
        return ModelStatement.Read(parsed.Payload, signer.Hint);
    }

    /// <summary>DSSE's pre-authentication encoding: what is really signed.</summary>
    private static byte[] Pae(byte[] payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {SigstoreBundle.PayloadType.Length} {SigstoreBundle.PayloadType} {payload.Length} "), .. payload];
}
