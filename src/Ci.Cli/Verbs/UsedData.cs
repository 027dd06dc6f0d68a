using Ci.Data;
using Ci.Git;
using Ci.Pipelines;
using Ci.Pipelines.Selection;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary>
/// The digests of everything that the workspace and the chosen commits need: pointers, all that lock files name (also of stages that
/// are no more: their data may be all that is left of them), and the files of folders.
/// </summary>
internal sealed class UsedData(CliContext context, Pipeline pipeline, GcWish wish)
{
    public async Task<HashSet<string>> ReadAsync(CancellationToken ct)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        await this.AddAsync(used, pipeline, ct);
        foreach (var path in wish.Projects)
        {
            var other = Pipeline.Load(Project.Open(context.FullPath(path), context.Time, context.Environment));
            await this.AddAsync(used, other, ct);
        }

        return used;
    }

    private async Task AddAsync(HashSet<string> used, Pipeline some, CancellationToken ct)
    {
        var digests = some.Tracked([], some.Project.Root).Select(o => o.Digest.Md5).Concat(LockedDigests(some)).ToHashSet(StringComparer.Ordinal);
        if (!wish.Scope.IsEmpty)
        {
            var git = await GitRepository.OpenAsync(some.Project.Root, new GitOptions { Environment = context.Environment }, ct);
            var others = await new RevisionOutputs(some.Project, git).ReadAsync(wish.Scope, new OutputRequest([], some.Project.Root), this.Fails, ct);
            digests.UnionWith(others.Select(o => o.Digest.Md5));
        }

        used.UnionWith(digests);
        await this.AddFilesOfFoldersAsync(used, some, digests.Where(md5 => md5.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal)), ct);
    }

    // What cannot be read could need anything: the sweep ends here, unless that is wanted.
    private bool Fails(string commit, Exception error)
    {
        context.Note($"mlops: commit {commit[..8]}: {error.Message}{(wish.SkipFailed ? "; passed over" : "")}");
        return !wish.SkipFailed;
    }

    private static IEnumerable<string> LockedDigests(Pipeline some) =>
        some.Stages.Select(s => s.Folder).Append(some.Project.Root).Distinct(StringComparer.Ordinal).SelectMany(folder => LockFile.Read(some.Project, folder).Digests);

    private async Task AddFilesOfFoldersAsync(HashSet<string> used, Pipeline some, IEnumerable<string> folders, CancellationToken ct)
    {
        var cache = some.Project.Cache;
        var absent = new List<string>();
        foreach (var md5 in folders)
        {
            if (cache.Has(md5))
                used.UnionWith(cache.ReadListing(md5).Files.Select(f => f.Md5));
            else
                absent.Add(md5);
        }

        if (absent.Count == 0)
            return;
        // Without its listing nobody can tell which files a folder has; the remote may have it. Where a remote is swept, it must be asked.
        if (!wish.Cloud && some.Project.Config.DefaultRemote is null && wish.Remote is null)
            return;
        try
        {
            var store = some.Project.Config.Remote(wish.Remote).Open(context.Environment, context.Time);
            foreach (var md5 in absent)
                used.UnionWith(await ListingAsync(store, md5, ct));
        }
        catch (Exception error) when (!wish.Cloud && error is StorageException or ProjectConfigException)
        {
            context.Note($"mlops: the listings of {absent.Count} folders are neither in the cache nor to be had ({error.Message}); nothing in the cache can be put back from them");
        }
    }

    private static async Task<IEnumerable<string>> ListingAsync(IBlobStore store, string md5, CancellationToken ct)
    {
        try
        {
            await using var stream = await store.OpenReadAsync(Digest.KeyOf(md5), 0, ct);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, ct);
            return DirectoryListing.Read(bytes.ToArray(), md5).Files.Select(f => f.Md5);
        }
        catch (BlobNotFoundException)
        {
            return [];
        }
    }
}
