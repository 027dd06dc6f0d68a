using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ci.Releases;

/// <summary>
/// What a copy of the deploy repository outside Git holds, as of when, and until when it may be believed (<c>mirror.json</c>). Git's own
/// transport says who wrote a channel; a web folder or a memory stick says nothing, so the index carries a signature over the digests of
/// all channels. One file, so that it is replaced in one step.
/// </summary>
public sealed record MirrorIndex
{
    public const string SchemaName = "mlops.mirror/v1";

    public const string FileName = "mirror.json";

    public const int MaxDocumentBytes = 4 << 20;

    // The one file that its signature covers: a signature of a release covers others, and can never pass for one of a mirror.
    private const string SignedName = "mirror-index.json";

    private const int MaxChannels = 10_000;

    /// <summary>When it was signed; devices never go back to an older one.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>After this nothing in it is news: whoever still shows it may be holding back a newer one.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Every channel, in ordinal order of their paths.</summary>
    public required IReadOnlyList<MirrorEntry> Channels { get; init; }

    /// <summary>The digest of a channel file; null where the mirror has none.</summary>
    public Sha256Digest? DigestOf(string path) => Channels.FirstOrDefault(entry => entry.Path == path)?.Sha256;

    /// <summary>Verifies and reads: signature by one of these keys first, then every rule. Time is the caller's to judge.</summary>
    /// <exception cref="ReleaseRefusedException">mirror-malformed, key-untrusted, signature-invalid, digest-mismatch or path-escape.</exception>
    public static MirrorIndex Read(ReadOnlySpan<byte> utf8, IReadOnlyList<TrustedKey> keys)
    {
        var document = Documents.ParseObject(utf8, MaxDocumentBytes, RefusalCode.MirrorMalformed, FileName);
        Documents.CheckSchema(document, SchemaName, RefusalCode.MirrorMalformed, FileName);
        if (document["index"] is not JsonObject index || document["signature"] is not JsonObject signature)
            throw new ReleaseRefusedException(RefusalCode.MirrorMalformed, $"{FileName} has no index, or no signature");
        var manifest = ModelSigning.Verify(CanonicalJson.Of(signature), keys);
        if (manifest.Files is not [{ Name: SignedName } file])
            throw new ReleaseRefusedException(RefusalCode.SignatureInvalid, $"the signature is not one of a mirror: it covers {Names.Quote(manifest.Files[0].Name)}");
        if (file.Sha256 != Sha256Digest.Of(Canonical(index)))
            throw new ReleaseRefusedException(RefusalCode.DigestMismatch, $"{FileName} is not the index that was signed");
        return Read(index);
    }

    /// <summary>The signed document.</summary>
    public byte[] Sign(ECDsa key)
    {
        Check();
        var index = (JsonObject)JsonSerializer.SerializeToNode(this, ReleasesJson.Default.MirrorIndex)!;
        var signature = ModelSigning.Sign(key, "mirror", [new SignedFile(SignedName, Sha256Digest.Of(Canonical(index)))]);
        return Documents.Write(new JsonObject { ["schema"] = SchemaName, ["index"] = index, ["signature"] = JsonNode.Parse(signature) });
    }

    private static MirrorIndex Read(JsonObject index)
    {
        try
        {
            var read = index.Deserialize(ReleasesJson.Default.MirrorIndex) ?? throw new JsonException("it is null");
            read.Check();
            return read;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new ReleaseRefusedException(RefusalCode.MirrorMalformed, $"{FileName}: {error.Message}", error);
        }
    }

    private static byte[] Canonical(JsonObject index)
    {
        try
        {
            return CanonicalJson.Of(index);
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException)
        {
            throw new ReleaseRefusedException(RefusalCode.MirrorMalformed, $"{FileName} has no canonical form: {error.Message}", error);
        }
    }

    private void Check()
    {
        Need(Expires > IssuedAt, "it expires before it was issued");
        Need(Channels.Count <= MaxChannels, $"it lists {Channels.Count} channels; at most {MaxChannels} are allowed");
        Need(Channels.All(entry => entry is not null && Names.IsConfinedPath(entry.Path)), "it names a path that leaves its folder");
        Need(Channels.Select(entry => entry.Path).Distinct(StringComparer.Ordinal).Count() == Channels.Count, "a channel stands twice");
    }

    private static void Need(bool holds, string otherwise)
    {
        if (!holds)
            throw new ReleaseRefusedException(RefusalCode.MirrorMalformed, $"{FileName}: {otherwise}");
    }
}
