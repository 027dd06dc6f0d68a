using Ci.Storage;

namespace Ci.Data;

/// <summary>Removes objects that nothing needs: listings before the files that they name, so that a listing always means a whole folder.</summary>
public static class CacheSweep
{
    private const string Root = "files/md5/";

    /// <summary>Sweeps a cache.</summary>
    /// <param name="cache">Nobody may write it meanwhile: <see cref="CacheUse"/>.</param>
    /// <param name="used">Digests to keep.</param>
    /// <param name="dry">Only count.</param>
    /// <returns>How many objects, and their bytes.</returns>
    public static (int Count, long Bytes) Sweep(ObjectCache cache, IReadOnlySet<string> used, bool dry)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var home = Path.Combine(cache.Folder, "files", "md5");
        var unused = !Directory.Exists(home) ? [] : Directory.EnumerateDirectories(home)
            .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles().Where(file => IsUnused(Path.GetFileName(folder) + file.Name, used))).ToList();
        var bytes = unused.Sum(file => file.Length);
        if (!dry)
        {
            foreach (var file in unused.OrderByDescending(file => file.Name.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal)))
                file.Delete();
            PartialObject.RemoveAll(cache.Folder);
        }

        return (unused.Count, bytes);
    }

    /// <summary>Sweeps a remote. What was put there after the sweep began stays.</summary>
    /// <param name="remote">The store.</param>
    /// <param name="used">Digests to keep.</param>
    /// <param name="began">When it was found out what is used.</param>
    /// <param name="dry">Only count.</param>
    /// <param name="jobs">Removals at the same time.</param>
    /// <param name="ct">Ends it between removals.</param>
    public static async Task<(int Count, long Bytes)> SweepAsync(IBlobStore remote, IReadOnlySet<string> used, DateTimeOffset began, bool dry, int jobs, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(remote);
        var unused = new List<BlobInfo>();
        try
        {
            await foreach (var blob in remote.ListAsync(Root, ct))
            {
                if (IsUnused(blob.Key[Root.Length..].Replace("/", "", StringComparison.Ordinal), used) && blob.LastModified < began)
                    unused.Add(blob);
            }
        }
        catch (StorageUnavailableException) when (remote is Storage.FileSystem.FolderBlobStore folder && !Directory.Exists(folder.Root))
        {
            return (0, 0);
        }

        foreach (var some in unused.Where(_ => !dry).GroupBy(blob => blob.Key.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal)).OrderByDescending(group => group.Key))
        {
            await Parallel.ForEachAsync(some, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = ct }, async (blob, token) => await remote.DeleteAsync(blob.Key, token));
        }

        return (unused.Count, unused.Sum(blob => blob.Length));
    }

    // What is not named as an object is somebody else's, or a damaged object that was put aside.
    private static bool IsUnused(string name, IReadOnlySet<string> used) =>
        (Digest.IsValid(name) && !used.Contains(name)) || (name.EndsWith(".corrupt", StringComparison.Ordinal) && Digest.IsValid(name[..^".corrupt".Length]));
}
