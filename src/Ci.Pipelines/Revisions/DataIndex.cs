using Ci.Data;

namespace Ci.Pipelines.Revisions;

/// <summary>All data that a view tracks, down to the files of folders: path from the root, and digest.</summary>
public sealed class DataIndex
{
    private readonly Dictionary<string, string> entries = new(StringComparer.Ordinal);
    private readonly List<string> unknown = [];

    private DataIndex()
    {
    }

    /// <summary>Digests by path; a folder's ends in <see cref="Digest.FolderSuffix"/>.</summary>
    public IReadOnlyDictionary<string, string> Entries => this.entries;

    /// <summary>What a revision recorded. Folders whose listing is not in the cache are known by their digest alone.</summary>
    public static DataIndex Recorded(ProjectView view, ObjectCache cache)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(cache);
        var index = new DataIndex();
        foreach (var (path, output) in view.Tracked)
        {
            var listing = output.Digest.IsFolder && cache.Has(output.Digest.Md5) ? cache.ReadListing(output.Digest.Md5) : null;
            index.Add(path, output.Digest.Md5, listing);
        }

        return index;
    }

    /// <summary>What lies in the workspace now, whatever was recorded of it.</summary>
    public static DataIndex Present(Pipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var index = new DataIndex();
        var workspace = pipeline.Project.Workspace;
        foreach (var path in pipeline.Pointers.Select(p => p.Target).Concat(pipeline.Stages.SelectMany(s => s.Outputs).Where(o => o.Cache).Select(o => o.FullPath)).Distinct())
        {
            if (workspace.ListingOf(path) is { } listing)
                index.Add(pipeline.Project.Shown(path), listing.Md5, listing);
            else if (workspace.DigestOf(path) is { } digest)
                index.Add(pipeline.Project.Shown(path), digest.Md5, null);
        }

        return index;
    }

    /// <summary>Whether the path lies in a folder whose content is not known.</summary>
    public bool IsUnknown(string path) => this.unknown.Exists(folder => path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal));

    private void Add(string path, string md5, DirectoryListing? listing)
    {
        this.entries[path] = md5;
        foreach (var (file, digest) in listing?.Files ?? [])
            this.entries[$"{path}/{file}"] = digest;
        if (listing is null && md5.EndsWith(Digest.FolderSuffix, StringComparison.Ordinal))
            this.unknown.Add(path);
    }
}
