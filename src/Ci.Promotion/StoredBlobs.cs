using System.Security.Cryptography;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Promotion;

/// <summary>Looks at the bytes in a store before anything names them: a key made of a digest does not prove what lies under it.</summary>
internal static class StoredBlobs
{
    private const string Mend = "apply the release's folder to the first environment again, which puts the good file there";

    /// <summary>The first file that is missing or is not as signed; null when all are. Reads each once, and never more than its signed size and a byte.</summary>
    public static async Task<(RefusalCode Code, string Words)?> ProblemAsync(Release release, IBlobStore store, CancellationToken ct)
    {
        foreach (var artifact in release.Artifacts)
        {
            if (await ProblemAsync(artifact, store, ct) is { } problem)
                return problem;
        }

        return null;
    }

    private static async Task<(RefusalCode Code, string Words)?> ProblemAsync(Artifact artifact, IBlobStore store, CancellationToken ct)
    {
        var key = BlobKeys.OfSha256(artifact.Sha256.Hex);
        if (await store.StatAsync(key, ct) is not { } blob)
            return (RefusalCode.BlobMissing, $"{artifact.Path} is not in {store.Description} (no {key}); {Mend}");
        if (blob.Length != artifact.Bytes)
            return (RefusalCode.SizeMismatch, $"{artifact.Path} has {blob.Length} bytes in {store.Description}; the signed release says {artifact.Bytes}; delete {key} there and {Mend}");
        try
        {
            var found = await HashAsync(store, key, artifact.Bytes, ct);
            return found == artifact.Sha256
                ? null
                : (RefusalCode.DigestMismatch, $"{artifact.Path} is damaged in {store.Description}: its bytes have SHA-256 {found.Brief}…, the signed release says {artifact.Sha256.Brief}…; delete {key} there and {Mend}");
        }
        catch (BlobNotFoundException)
        {
            return (RefusalCode.BlobMissing, $"{artifact.Path} vanished from {store.Description} (no {key}); {Mend}");
        }
    }

    private static async Task<Sha256Digest> HashAsync(IBlobStore store, string key, long signed, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = await store.OpenReadAsync(key, ct: ct);
        var buffer = new byte[1 << 17];
        for (long total = 0; total <= signed;)
        {
            var read = await stream.ReadAsync(buffer, ct);
            if (read == 0)
                break;
            hash.AppendData(buffer, 0, read);
            total += read;
        }

        return Sha256Digest.FromRaw(hash.GetHashAndReset());
    }
}
