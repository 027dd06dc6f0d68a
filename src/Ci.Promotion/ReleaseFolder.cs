using System.Security.Cryptography;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Promotion;

/// <summary>A release as <c>mlops release create</c> leaves it: document, bundle and artifacts in one folder.</summary>
public sealed record ReleaseFolder
{
    private const int MaxBundleBytes = 4 << 20;

    private ReleaseFolder(string path, byte[] document, byte[] bundle)
    {
        Path = path;
        Document = document;
        Bundle = bundle;
    }

    public string Path { get; }

    public byte[] Document { get; }

    public byte[] Bundle { get; }

    /// <summary>Opens the folder.</summary>
    /// <exception cref="PromotionException">Not such a folder.</exception>
    public static ReleaseFolder Open(string path) =>
        new(path, Read(System.IO.Path.Combine(path, Release.FileName), Release.MaxDocumentBytes), Read(System.IO.Path.Combine(path, Release.BundleFileName), MaxBundleBytes));

    /// <summary>Verifies signature, document and every file.</summary>
    /// <exception cref="ReleaseRefusedException">The first thing that is not as signed.</exception>
    public async Task<VerifiedRelease> VerifyAsync(IReadOnlyList<TrustedKey> keys, CancellationToken ct = default)
    {
        var verified = ReleaseVerification.Verify(Document, Bundle, keys);
        foreach (var artifact in verified.Release.Artifacts)
        {
            await using var stream = this.OpenArtifact(artifact);
            verified.CheckArtifact(artifact.Path, stream.Length, Sha256Digest.FromRaw(await SHA256.HashDataAsync(stream, ct)));
        }

        return verified;
    }

    /// <summary>Puts every file into the store under its digest; what is there already stays, and is not looked at.</summary>
    public async Task UploadAsync(Release release, IBlobStore store, CancellationToken ct = default)
    {
        foreach (var artifact in release.Artifacts)
        {
            var key = BlobKeys.OfSha256(artifact.Sha256.Hex);
            if (await store.StatAsync(key, ct) is not null)
                continue;
            await using var stream = this.OpenArtifact(artifact);
            await store.PutAsync(key, stream, PutMode.IfAbsent, ct);
        }
    }

    // Artifact paths are confined by the release's own rules, which ran before.
    private FileStream OpenArtifact(Artifact artifact)
    {
        var file = System.IO.Path.Combine(Path, artifact.Path);
        return File.Exists(file) ? File.OpenRead(file) : throw new PromotionException($"{file} is missing, which the release names");
    }

    private static byte[] Read(string file, int most)
    {
        var info = new FileInfo(file);
        if (!info.Exists)
            throw new PromotionException($"{file} is missing; give the folder that `mlops release create --out` wrote");
        return info.Length <= most ? File.ReadAllBytes(file) : throw new PromotionException($"{file} has {info.Length} bytes; at most {most} are read");
    }
}
