using Ci.Data;
using Ci.Git;
using Ci.Pipelines.Revisions;
using Ci.Storage;

namespace Ci.Pipelines.Upstream;

/// <summary>
/// Another repository at one commit: what Git holds there, and the data that its own description names and its own remote keeps.
/// Nothing in it is trusted: names that could leave a folder, symbolic links and settings that would start programs are refused.
/// </summary>
public sealed class UpstreamRepository : IDisposable
{
    private readonly GitReader git;
    private readonly Project home;
    private readonly string? local;
    private readonly TimeProvider time;
    private readonly string? remote;
    private readonly IReadOnlyDictionary<string, string> environment;
    private RevisionView view;
    private string prefix = "";
    private UpstreamData? data;

    private UpstreamRepository(string url, string? local, GitReader git, string commit, Project home, UpstreamOptions options)
    {
        (this.Url, this.local, this.git, this.Commit, this.home, this.time, this.remote, this.environment) =
            (url, local, git, commit, home, options.Time, options.Remote, options.Environment);
        this.view = RevisionView.Open(git, commit, home, options.Time);
    }

    /// <summary>As it was given.</summary>
    public string Url { get; }

    /// <summary>The commit's full id.</summary>
    public string Commit { get; }

    private UpstreamData Data => this.data ??= new UpstreamData([.. this.Stores()], this.home.Cache);

    /// <summary>Opens a repository; a folder on this machine is read in place, all else is fetched into a bare copy.</summary>
    /// <param name="url">A path or an address that git takes.</param>
    /// <param name="revision">Null: its head.</param>
    /// <param name="home">The project whose cache takes the data and which keeps the copy.</param>
    /// <param name="options">How.</param>
    /// <param name="ct">Ends git.</param>
    public static async Task<UpstreamRepository> OpenAsync(string url, string? revision, Project home, UpstreamOptions options, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(options);
        if (url[0] == '-' || url.Contains("::", StringComparison.Ordinal) || url.Any(char.IsControl))
            throw new PipelineException($"`{new string([.. url.Take(100).Select(c => char.IsControl(c) ? '?' : c)])}` is no address of a repository: give a path, or an address such as https://host/team/repository.git");
        var folder = Path.GetFullPath(url, options.Folder);
        if (Directory.Exists(folder))
        {
            var found = await GitRepository.OpenAsync(folder, options.Git, ct);
            var reader = GitReader.Start(folder, found.IsBare, options.Git);
            var commit = reader.Resolve(revision ?? "HEAD");
            if (commit is not null)
                return new UpstreamRepository(url, folder, reader, commit, home, options);
            reader.Dispose();
            throw new PipelineException(revision is null ? $"the repository {url} has no commits yet" : $"the repository {url} has no revision `{revision}`");
        }

        if (!url.Contains("://", StringComparison.Ordinal) && !url.Contains(':', StringComparison.Ordinal))
            throw new PipelineException($"`{url}` is neither a folder here nor the address of a repository");
        var (copy, id) = await new UpstreamClones(Path.Combine(home.Root, ".dvc", "tmp", "mlops-upstream"), options.Git).FetchAsync(url, revision, ct);
        return new UpstreamRepository(url, null, GitReader.Start(copy, bare: true, options.Git), id, home, options);
    }

    /// <summary>What lies at a path.</summary>
    /// <param name="path">From the repository's root.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="PipelineException">Nothing does; the path leaves the repository; it is a symbolic link.</exception>
    public async Task<UpstreamItem> FindAsync(string path, CancellationToken ct = default)
    {
        var inner = this.Enter(Clean(path));
        var entry = inner.Length == 0 ? null : this.view.Entry(inner);
        if (entry?.Mode == RevisionFiles.Link)
            throw new PipelineException($"`{path}` of {this.Url} is a symbolic link, which is not followed: it may lead anywhere; ask for what it leads to");
        if (entry is { Type: "blob" })
            return new UpstreamItem(path, IsFolder: false, [new UpstreamFile("", entry.Id, null, entry.Mode == "100755")]);
        if (entry is { Type: "commit" })
            throw new PipelineException($"`{path}` of {this.Url} is a submodule; ask its own repository");
        if (this.view.Tracked.TryGetValue(inner, out var output))
            return await this.TrackedAsync(path, output, ct);
        if (this.view.Tracked.FirstOrDefault(t => t.Value.Digest.IsFolder && inner.StartsWith(t.Key + "/", StringComparison.Ordinal)) is { Key: { } folder } inside)
            return await this.InsideAsync(path, inner[(folder.Length + 1)..], inside.Value, ct);
        return await this.FolderAsync(path, inner, ct);
    }

    /// <summary>Brings the data of an item into the cache; what Git holds needs none.</summary>
    /// <returns>Objects that came.</returns>
    public async Task<int> FetchAsync(UpstreamItem item, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Tracked is { } digest)
            return await this.Data.FetchAsync([new TrackedOutput(item.Path, digest)], ct);
        var single = item.Files.Where(f => f.Md5 is not null).Select(f => new TrackedOutput(f.Path.Length == 0 ? item.Path : $"{item.Path}/{f.Path}", new Digest(f.Md5!, 0))).ToList();
        return single.Count == 0 ? 0 : await this.Data.FetchAsync(single, ct);
    }

    /// <summary>Writes one file's bytes, from Git or from the cache, to a new file.</summary>
    public void Write(UpstreamFile file, string target)
    {
        ArgumentNullException.ThrowIfNull(file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (file.Blob is { } blob)
        {
            using var stream = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
            this.git.CopyBlob(blob, stream);
        }
        else
            File.Copy(this.home.Cache.PathOf(file.Md5!), target);
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(target, file.IsExecutable ? plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : plain);
    }

    /// <summary>Everything at or below a path, for listings: files of Git and data, folders left to whoever shows them.</summary>
    public async Task<IReadOnlyList<UpstreamEntry>> ListAsync(string path, bool intoData, CancellationToken ct = default)
    {
        var inner = this.Enter(Clean(path));
        var found = new List<UpstreamEntry>();
        foreach (var entry in this.view.GitFiles.Where(e => IsIn(e.Path, inner) && !this.IsUnseen(e.Path)))
            found.Add(new UpstreamEntry(entry.Path, entry.Id, null, IsOutput: false, IsFolder: false, entry.Mode == "100755", null));
        foreach (var (output, tracked) in this.view.Tracked)
        {
            var isInside = tracked.Digest.IsFolder && IsIn(inner, output);
            if (!IsIn(output, inner) && !isInside)
                continue;
            if (!tracked.Digest.IsFolder || !(intoData || isInside))
                found.Add(new UpstreamEntry(output, null, tracked.Digest.Md5, IsOutput: true, tracked.Digest.IsFolder, tracked.Digest.IsExecutable, tracked.Digest.Size));
            else
                found.AddRange((await this.Data.ListingAsync(tracked.Digest.Md5, output, ct)).Files.Select(f => new UpstreamEntry($"{output}/{f.Path}", null, f.Md5, IsOutput: true, IsFolder: false, false, null)).Where(e => IsIn(e.Path, inner)));
        }

        return found.Count > 0 || inner.Length == 0
            ? [.. found.Select(e => e with { Path = inner.Length == 0 ? e.Path : e.Path == inner ? "" : e.Path[(inner.Length + 1)..] }).OrderBy(e => e.Path, PythonText.Order)]
            : throw this.Nothing(path);
    }

    /// <summary>The sizes of Git's files, by the ids of their bytes.</summary>
    public Task<IReadOnlyDictionary<string, long>> SizesAsync(CancellationToken ct = default) => this.git.SizesAsync(this.Commit, ct);

    /// <summary>Where the bytes of a tracked item lie on the repository's remote.</summary>
    public string Address(UpstreamItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var md5 = item.Tracked?.Md5 ?? item.Files.Select(f => f.Md5).FirstOrDefault() ?? throw new PipelineException($"`{item.Path}` is kept by Git, not on a remote");
        var (config, name) = this.Settings();
        return $"{config.RemoteUrl(name).TrimEnd('/')}/{Digest.KeyOf(md5)}";
    }

    public void Dispose()
    {
        this.view.Dispose();
        this.git.Dispose();
    }

    private static bool IsIn(string path, string folder) => folder.Length == 0 || path == folder || (path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal));

    private static string Clean(string path)
    {
        var parts = path.Split('/').Where(p => p is not ("" or ".")).ToList();
        return parts.TrueForAll(RevisionFiles.IsPlainName) && !path.StartsWith('/') && !path.Any(char.IsControl)
            ? string.Join('/', parts)
            : throw new PipelineException($"`{path}` is no path in a repository: it must stay inside it and out of .git");
    }

    // A repository may hold projects in folders: the innermost one that holds the path decides.
    private string Enter(string path)
    {
        var parts = path.Split('/');
        for (var length = parts.Length; length > 0; length--)
        {
            var folder = string.Join('/', parts.Take(length));
            if (folder.Length == 0 || this.git.Find(this.Commit, $"{folder}/.dvc") is not { Type: "tree" })
                continue;
            if (folder != this.prefix)
            {
                this.view.Dispose();
                this.view = RevisionView.Open(this.git, this.Commit, this.home, this.time, folder);
                (this.prefix, this.data) = (folder, null);
            }

            return path.Length == folder.Length ? "" : path[(folder.Length + 1)..];
        }

        return path;
    }

    private async Task<UpstreamItem> TrackedAsync(string path, TrackedOutput output, CancellationToken ct)
    {
        var files = output.Digest.IsFolder
            ? (await this.Data.ListingAsync(output.Digest.Md5, path, ct)).Files.Select(f => new UpstreamFile(f.Path, null, f.Md5, false))
            : [new UpstreamFile("", null, output.Digest.Md5, output.Digest.IsExecutable)];
        return new UpstreamItem(path, output.Digest.IsFolder, [.. files]) { Tracked = output.Digest };
    }

    private async Task<UpstreamItem> InsideAsync(string path, string below, TrackedOutput folder, CancellationToken ct)
    {
        var files = (await this.Data.ListingAsync(folder.Digest.Md5, folder.Path, ct)).Files;
        if (files.FirstOrDefault(f => f.Path == below) is { Md5: { } md5 })
            return new UpstreamItem(path, IsFolder: false, [new UpstreamFile("", null, md5, false)]);
        var some = files.Where(f => f.Path.StartsWith(below + "/", StringComparison.Ordinal)).Select(f => new UpstreamFile(f.Path[(below.Length + 1)..], null, f.Md5, false)).ToList();
        return some.Count > 0 ? new UpstreamItem(path, IsFolder: true, some) : throw this.Nothing(path);
    }

    private async Task<UpstreamItem> FolderAsync(string path, string inner, CancellationToken ct)
    {
        var entries = await this.ListAsync(path, intoData: true, ct);
        if (this.view.GitFiles.FirstOrDefault(e => e.Mode == RevisionFiles.Link && IsIn(e.Path, inner) && !this.IsUnseen(e.Path)) is { } link)
            throw new PipelineException($"`{link.Path}` of {this.Url} is a symbolic link, which is not followed: it may lead anywhere; ask for single files instead of the folder");
        // What describes the data is not part of it.
        return new UpstreamItem(path, IsFolder: true, [.. entries.Where(e => e.IsOutput || !IsDescription(e.Path)).Select(e => new UpstreamFile(e.Path, e.Blob, e.Md5, e.IsExecutable))]);
    }

    private static bool IsDescription(string path) => path.EndsWith(".dvc", StringComparison.Ordinal) || Path.GetFileName(path) == PipelineFile.Name;

    // What the repository's own .dvcignore passes over, and the folders that are never part of it.
    private bool IsUnseen(string path) => this.view.Pipeline.Project is var project && project.Ignore.IgnoresAnywhere(Path.Combine(project.Root, path), isFolder: false);

    private PipelineException Nothing(string path)
    {
        var names = this.view.GitFiles.Select(e => e.Path).Concat(this.view.Tracked.Keys);
        return new PipelineException($"`{path}` is nothing that {this.Url} holds at {this.Commit[..7]}{NearNames.Hint(path, names.Take(2000))}; `mlops ls {this.Url}` lists what it holds");
    }

    private (ProjectConfig Config, string? Name) Settings()
    {
        // A folder here says with its own settings (also those that Git does not keep) where its data lies.
        var root = this.local is null ? null : Path.Combine(this.local, this.prefix);
        var config = root is not null && Directory.Exists(Path.Combine(root, ".dvc")) ? ProjectConfig.Read(root) : this.view.Pipeline.Project.Config;
        return (config, this.remote);
    }

    private IEnumerable<IBlobStore> Stores()
    {
        var (config, name) = this.Settings();
        // A folder here has its own cache, too, which may hold what was never pushed.
        if (this.local is { } root && name is null && Directory.Exists(Path.Combine(root, this.prefix, ".dvc")) && Project.Open(Path.Combine(root, this.prefix), this.time).Cache.Folder is var cache && Directory.Exists(cache))
            yield return BlobStores.Default.Open(cache);
        if (name is not null || config.DefaultRemote is not null)
            yield return config.Remote(name).Open(this.environment, this.time);
    }
}
