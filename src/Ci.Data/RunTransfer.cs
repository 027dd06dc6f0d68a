using System.Text.RegularExpressions;
using Ci.Storage;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>
/// Moves the records of earlier runs between a cache and a remote: one listing tells what the other side lacks. They are small, name
/// themselves by their content, and are checked by whoever uses one; here only their names are.
/// </summary>
/// <param name="cacheFolder">The cache's folder.</param>
/// <param name="remote">The remote.</param>
public sealed partial class RunTransfer(string cacheFolder, IBlobStore remote)
{
    private const int Parallelism = 8;
    private const int MostBytes = 16 << 20;

    private static readonly string[] Folders = ["runs/", "mlops-runs/"];

    /// <summary>Sends the records that the remote lacks.</summary>
    /// <returns>How many were sent.</returns>
    public async Task<int> PushAsync(CancellationToken ct = default)
    {
        var sent = 0;
        foreach (var folder in Folders)
        {
            var here = this.Local(folder);
            if (here.Count == 0)
                continue;
            var there = await this.ListAsync(folder, ct);
            await this.EachAsync(here.Where(key => !there.Contains(key)), async (key, token) =>
            {
                await using var file = new FileStream(this.PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
                await remote.PutAsync(key, file, PutMode.IfAbsent, token);
                Interlocked.Increment(ref sent);
            }, ct);
        }

        return sent;
    }

    /// <summary>Fetches all records that the cache lacks.</summary>
    /// <returns>How many were fetched.</returns>
    public async Task<int> FetchAsync(CancellationToken ct = default) => await this.FetchAsync(Folders[0], ct) + await this.FetchAsync(Folders[1], ct);

    /// <summary>Fetches the records below a key: <c>runs/ab/abcd…/</c>.</summary>
    /// <returns>How many were fetched.</returns>
    public async Task<int> FetchAsync(string prefix, CancellationToken ct = default)
    {
        var fetched = 0;
        await this.EachAsync((await this.ListAsync(prefix, ct)).Where(key => !File.Exists(this.PathOf(key))), async (key, token) =>
        {
            await using var source = await remote.OpenReadAsync(key, 0, token);
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 14];
            for (int read; (read = await source.ReadAsync(buffer, token)) > 0;)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > MostBytes)
                    return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(this.PathOf(key))!);
            DurableFiles.Replace(this.PathOf(key), bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            Interlocked.Increment(ref fetched);
        }, ct);
        return fetched;
    }

    private Task EachAsync(IEnumerable<string> keys, Func<string, CancellationToken, Task> action, CancellationToken ct) =>
        Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct }, async (key, token) => await action(key, token));

    private string PathOf(string key) => Path.Combine(cacheFolder, key);

    private List<string> Local(string folder) => !Directory.Exists(this.PathOf(folder)) ? []
        : [.. Directory.EnumerateFiles(this.PathOf(folder), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(cacheFolder, f).Replace(Path.DirectorySeparatorChar, '/')).Where(k => Key().IsMatch(k))];

    // Whatever else lies there is none of ours, and must not become a path here.
    private async Task<HashSet<string>> ListAsync(string prefix, CancellationToken ct)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await foreach (var blob in remote.ListAsync(prefix, ct))
            {
                if (Key().IsMatch(blob.Key) && blob.Length <= MostBytes)
                    keys.Add(blob.Key);
            }
        }
        catch (StorageUnavailableException) when (remote is FolderBlobStore folder && !Directory.Exists(folder.Root))
        {
            // A folder remote begins with its first push, as with DVC.
        }

        return keys;
    }

    [GeneratedRegex("^(mlops-)?runs/[0-9a-f]{2}/[0-9a-f]{64}/[0-9a-f]{64}$", RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}
