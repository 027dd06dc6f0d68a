using System.Security.Cryptography;

namespace Ci.Releases;

/// <summary>
/// A public key that may sign: elliptic curve P-256 (what we sign with), P-384 or P-521. Its hint is what a model-signing bundle names:
/// the SHA-256 of the key's SubjectPublicKeyInfo as PEM text with 64 columns and a final newline, as the reference implementation does.
/// </summary>
public sealed record TrustedKey
{
    private readonly byte[] subjectPublicKeyInfo;

    private TrustedKey(byte[] subjectPublicKeyInfo, string hint, int bits)
    {
        this.subjectPublicKeyInfo = subjectPublicKeyInfo;
        Hint = hint;
        Bits = bits;
    }

    /// <summary>64 lowercase hexadecimal digits.</summary>
    public string Hint { get; }

    /// <summary>256, 384 or 521.</summary>
    public int Bits { get; }

    /// <summary>The public half of a key.</summary>
    /// <exception cref="ReleaseRefusedException">key-untrusted: a curve that is not among those three.</exception>
    public static TrustedKey Of(ECDsa key)
    {
        var pem = key.ExportSubjectPublicKeyInfoPem() + "\n";
        var bits = key.KeySize;
        return bits is 256 or 384 or 521 && IsNistCurve(key)
            ? new TrustedKey(key.ExportSubjectPublicKeyInfo(), Sha256Digest.Of(System.Text.Encoding.ASCII.GetBytes(pem)).Hex, bits)
            : throw new ReleaseRefusedException(RefusalCode.KeyUntrusted, $"an elliptic curve key of {bits} bits is not P-256, P-384 or P-521");
    }

    /// <summary>Reads every public key of a PEM text.</summary>
    /// <exception cref="ReleaseRefusedException">key-untrusted: no key in it, a private key, or one of another kind.</exception>
    public static IReadOnlyList<TrustedKey> ReadPem(string pem)
    {
        var keys = new List<TrustedKey>();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label].ToString();
            if (label != "PUBLIC KEY")
                throw new ReleaseRefusedException(RefusalCode.KeyUntrusted, $"a trusted key must be a PEM PUBLIC KEY; this text holds a {Names.Quote(label)}");
            keys.Add(ReadBlock(rest[fields.Location]));
            rest = rest[fields.Location.End..];
        }

        return keys.Count > 0 ? keys : throw new ReleaseRefusedException(RefusalCode.KeyUntrusted, "no PEM PUBLIC KEY found in the trusted key's text");
    }

    public bool Equals(TrustedKey? other) => other is not null && Hint == other.Hint;

    public override int GetHashCode() => Hint.GetHashCode(StringComparison.Ordinal);

    internal static HashAlgorithmName HashOf(int bits) => bits switch
    {
        256 => HashAlgorithmName.SHA256,
        384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    /// <summary>Whether this key made this DER signature over these bytes.</summary>
    internal bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        try
        {
            return key.VerifyData(data, signature, HashOf(Bits), DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static TrustedKey ReadBlock(ReadOnlySpan<char> pem)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new ReleaseRefusedException(RefusalCode.KeyUntrusted, $"a trusted key is not an elliptic curve public key: {error.Message}", error);
        }

        return Of(key);
    }

    private static bool IsNistCurve(ECDsa key) => key.ExportParameters(false).Curve.Oid.Value
        is "1.2.840.10045.3.1.7" or "1.3.132.0.34" or "1.3.132.0.35";
}
