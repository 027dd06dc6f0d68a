using System.Globalization;
using Ci.Releases;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary>Reads the release that a card is of, and verifies what can be verified here: signature, document, and the files that lie beside it.</summary>
internal static class CardReleaseReading
{
    private const int MostBundleBytes = 4 << 20;

    /// <summary>Null where none is named.</summary>
    /// <exception cref="ReleaseRefusedException">The document breaks a rule, the signature does not fit, or a file is not the signed one: no card is made of that.</exception>
    public static async Task<CardRelease?> ReadAsync(CliContext context, string? shown, CancellationToken cancellation)
    {
        if (shown is null)
            return null;
        var path = context.FullPath(shown);
        if (Directory.Exists(path))
            path = Path.Combine(path, Release.FileName);
        if (!File.Exists(path))
            throw new CliException($"{shown} is not there (looked in {context.WorkingDirectory}); `mlops release create` writes release.json into its folder");
        var folder = Path.GetDirectoryName(path)!;
        var document = await ReadBoundedAsync(path, Release.MaxDocumentBytes, cancellation);
        var bundlePath = Path.Combine(folder, Release.BundleFileName);
        if (!File.Exists(bundlePath))
            return Of(Release.Read(document), SignatureState.Missing, null, null, []);
        var keys = TrustedKeys.Of(context);
        if (keys.Count == 0)
            return Of(Release.Read(document), SignatureState.NotVerified, "no trusted key is configured here (MLOPS_TRUSTED_KEYS)", null, []);
        try
        {
            var bundle = await ReadBoundedAsync(bundlePath, MostBundleBytes, cancellation);
            var verified = ReleaseVerification.Verify(document, bundle, keys);
            return Of(verified.Release, SignatureState.Verified, null, verified.KeyHint, await HashedAsync(verified, folder, cancellation));
        }
        catch (ReleaseRefusedException error) when (error.Code == RefusalCode.KeyUntrusted)
        {
            return Of(Release.Read(document), SignatureState.NotVerified, error.Message, null, []);
        }
    }

    // A card may be made where only the document is; a file that is there must be the signed one.
    private static async Task<HashSet<string>> HashedAsync(VerifiedRelease verified, string folder, CancellationToken cancellation)
    {
        var hashed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var artifact in verified.Release.Artifacts)
        {
            var file = Path.Combine(folder, artifact.Path);
            if (!File.Exists(file))
                continue;
            await using var stream = File.OpenRead(file);
            verified.CheckArtifact(artifact.Path, stream.Length, Sha256Digest.FromRaw(await System.Security.Cryptography.SHA256.HashDataAsync(stream, cancellation)));
            hashed.Add(artifact.Path);
        }

        return hashed;
    }

    private static CardRelease Of(Release release, SignatureState state, string? reason, string? key, HashSet<string> hashed) => new()
    {
        Name = release.Name,
        Version = release.Version,
        Id = release.Id.Hex,
        State = state,
        Reason = reason,
        KeyFingerprint = key,
        Files = [.. release.Artifacts.Select(artifact => new CardFile(artifact.Path, artifact.Role, artifact.Bytes, artifact.Sha256.Hex, hashed.Contains(artifact.Path)))],
        Commit = release.Provenance.Commit,
        Dirty = release.Provenance.Dirty,
        CreatedAt = release.Provenance.CreatedAt,
        PipelineLockSha256 = release.Provenance.PipelineLockSha256?.Hex,
        DataSha256 = release.Provenance.DataSha256.ToDictionary(data => data.Key, data => data.Value.Hex, StringComparer.Ordinal),
        Parameters = release.Provenance.Parameters,
        Seeds = release.Provenance.Seeds.ToDictionary(seed => seed.Key, seed => seed.Value.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal),
        RunnerImage = release.Provenance.RunnerImage,
        Hardware = release.Provenance.Hardware,
        Limits = LimitsOf(release),
    };

    private static List<(string Name, string Limit)> LimitsOf(Release release)
    {
        List<(string, string)> limits = [("all files together", $"{release.Limits.MaxBytes.ToString("#,##0", CultureInfo.InvariantCulture)} bytes")];
        if (release.Limits.MaxPeakMemoryBytes is { } memory)
            limits.Add(("growth of memory", $"{memory.ToString("#,##0", CultureInfo.InvariantCulture)} bytes"));
        if (release.Limits.MaxP95LatencyMs is { } latency)
            limits.Add(("p95 latency of a call", $"{latency.ToString(CultureInfo.InvariantCulture)} ms"));
        if (release.LeastRuntime is { } runtime)
            limits.Add(("ONNX Runtime", $"{runtime} or newer"));
        return limits;
    }

    private static async Task<byte[]> ReadBoundedAsync(string path, int most, CancellationToken cancellation) =>
        new FileInfo(path).Length <= most ? await File.ReadAllBytesAsync(path, cancellation) : throw new CliException($"{path} has {new FileInfo(path).Length} bytes; at most {most} are read");
}
