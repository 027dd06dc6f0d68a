using System.Security.Cryptography;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Cli;

/// <summary>Brings a verified release's documents, evaluation, predictions and model into a folder. Everything is fetched and checked beside the folder first: a damaged blob leaves the folder as it was.</summary>
internal sealed class ReleaseDownload(VerifiedRelease verified, byte[] document, byte[] bundle, IBlobStore store)
{
    public async Task ToAsync(string folder, CancellationToken ct)
    {
        folder = Path.TrimEndingDirectorySeparator(folder);
        var fresh = $"{folder}.tmp-{verified.Release.Id.Brief}";
        Directory.CreateDirectory(fresh);
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(fresh, Release.FileName), document, ct);
            await File.WriteAllBytesAsync(Path.Combine(fresh, Release.BundleFileName), bundle, ct);
            foreach (var artifact in verified.Release.Artifacts.Where(a => a.Role is ArtifactRole.Evaluation or ArtifactRole.Predictions or ArtifactRole.Model))
                await this.FetchAsync(artifact, Path.Combine(fresh, NameOf(artifact)), ct);
            Directory.CreateDirectory(folder);
            foreach (var file in Directory.EnumerateFiles(fresh))
                File.Move(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
        finally
        {
            Directory.Delete(fresh, recursive: true);
        }
    }

    // By role, not by path: what compares finds the same names whatever a release calls its files.
    private static string NameOf(Artifact artifact) => artifact.Role switch
    {
        ArtifactRole.Evaluation => "evaluation.json",
        ArtifactRole.Predictions => "predictions.csv.gz",
        _ => "model.onnx",
    };

    private async Task FetchAsync(Artifact artifact, string path, CancellationToken ct)
    {
        await using (var source = await store.OpenReadAsync(BlobKeys.OfSha256(artifact.Sha256.Hex), ct: ct))
        await using (var target = File.Create(path))
            await CopyAsync(source, target, artifact.Bytes, ct);
        await using var written = File.OpenRead(path);
        verified.CheckArtifact(artifact.Path, written.Length, Sha256Digest.FromRaw(await SHA256.HashDataAsync(written, ct)));
    }

    // One byte more than was signed is enough to know.
    private static async Task CopyAsync(Stream source, Stream target, long most, CancellationToken ct)
    {
        var buffer = new byte[81920];
        for (long total = 0; total <= most;)
        {
            var read = await source.ReadAsync(buffer, ct);
            if (read == 0)
                return;
            total += read;
            await target.WriteAsync(buffer.AsMemory(0, read), ct);
        }
    }
}
