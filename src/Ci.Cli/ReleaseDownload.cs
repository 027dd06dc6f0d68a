using System.Security.Cryptography;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Cli;

/// <summary>Brings a verified release's documents, evaluation, predictions and model, with the files that hold its weights, into a folder. Everything is fetched and checked beside the folder first: a damaged blob leaves the folder as it was.</summary>
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
            foreach (var (artifact, name) in this.Wanted())
                await this.FetchAsync(artifact, Path.Combine(fresh, name), ct);
            foreach (var file in Directory.EnumerateFiles(fresh, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(folder, Path.GetRelativePath(fresh, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Move(file, target, overwrite: true);
            }
        }
        finally
        {
            Directory.Delete(fresh, recursive: true);
        }
    }

    // By role, not by path: what compares finds the same names whatever a release calls its files. Only what the model itself names keeps its name.
    private IEnumerable<(Artifact Artifact, string Name)> Wanted()
    {
        var beside = verified.Release.Model.Path[..(verified.Release.Model.Path.LastIndexOf('/') + 1)];
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var artifact in verified.Release.Artifacts)
        {
            var name = artifact.Role switch
            {
                ArtifactRole.Evaluation => "evaluation.json",
                ArtifactRole.Predictions => "predictions.csv.gz",
                ArtifactRole.Model => "model.onnx",
                ArtifactRole.Other when artifact.Path.StartsWith(beside, StringComparison.Ordinal) => artifact.Path[beside.Length..],
                _ => null,
            };
            if (name is null)
                continue;
            if (!taken.Add(name))
                throw new CliException($"the release has a file beside its model that is called {Names.Quote(name)}, as another one is called here; rename it where the model is made", ExitCode.Refused);
            yield return (artifact, name);
        }
    }

    private async Task FetchAsync(Artifact artifact, string path, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
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
