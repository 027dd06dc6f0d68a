using System.Diagnostics.CodeAnalysis;
using Ci.Data;

namespace Ci.Pipelines.Revisions;

/// <summary>
/// A project as it is in the workspace, or as it was at a revision: its own description of stages and data, and the bytes of its
/// files, whether Git keeps them or the cache. Paths are relative to the project's root, with '/'.
/// </summary>
public abstract class ProjectView : IDisposable
{
    private Dictionary<string, TrackedOutput>? tracked;

    /// <summary>How people call it: the revision as they wrote it, or <see cref="Workspace"/>.</summary>
    public abstract string Name { get; }

    /// <summary>The description that this view has; its root is a folder of its own.</summary>
    public abstract Pipeline Pipeline { get; }

    /// <summary>The name of the view of the files that people see.</summary>
    public const string Workspace = "workspace";

    /// <summary>What the cache keeps, by path.</summary>
    public IReadOnlyDictionary<string, TrackedOutput> Tracked => this.tracked ??= ByPath(this.Pipeline);

    /// <summary>The project whose cache and settings are used.</summary>
    protected abstract Project Home { get; }

    /// <summary>A file's bytes; null when there is no such file.</summary>
    /// <param name="path">From the project's root.</param>
    /// <param name="limit">What is larger is refused.</param>
    /// <exception cref="MissingDataException">The file is known, but its bytes are not in the cache.</exception>
    public byte[]? Read(string path, int limit = MostBytes) => this.Own(path, limit) ?? this.Cached(path, limit);

    /// <summary>The files below a folder, ordered; the path itself when it is a file; none when it is neither.</summary>
    public IReadOnlyList<string> Files(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (this.HasOwn(path))
            return [path];
        var found = new SortedSet<string>(this.OwnFiles(path), PythonText.Order);
        foreach (var (output, entry) in this.Tracked)
        {
            if (output == path && !entry.Digest.IsFolder)
                found.Add(output);
            else if (entry.Digest.IsFolder && (IsBelow(output, path) || IsBelow(path, output)) && this.Home.Cache.Has(entry.Digest.Md5))
                found.UnionWith(this.Home.Cache.ReadListing(entry.Digest.Md5).Files.Select(f => $"{output}/{f.Path}").Where(f => f == path || IsBelow(f, path)));
            else if (IsBelow(output, path))
                found.Add(output);
        }

        return [.. found];
    }

    /// <summary>A path from the view's root.</summary>
    public string Shown(string fullPath) => this.Pipeline.Project.Shown(fullPath);

    /// <summary>Frees what the view holds.</summary>
    public void Dispose()
    {
        this.Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected const int MostBytes = 256 << 20;

    /// <summary>What the view itself holds at a path: the workspace's file, Git's blob.</summary>
    protected abstract byte[]? Own(string path, int limit);

    /// <summary>Whether the view itself holds a file at the path.</summary>
    protected abstract bool HasOwn(string path);

    protected abstract IEnumerable<string> OwnFiles(string path);

    protected virtual void Dispose(bool disposing)
    {
    }

    [SuppressMessage("Performance", "CA1859", Justification = "One question for both kinds of output.")]
    private byte[]? Cached(string path, int limit)
    {
        if (this.DigestAt(path) is not { } md5)
            return null;
        if (!this.Home.Cache.Has(md5))
            throw new MissingDataException($"`{path}`{(this.Name == Workspace ? "" : $" of {this.Name}")} is not in the cache; get it with `mlops fetch`", [path]);
        var file = this.Home.Cache.PathOf(md5);
        return new FileInfo(file).Length <= limit
            ? File.ReadAllBytes(file)
            : throw new PipelineException($"`{path}` holds more than {limit >> 20} MiB, which is no file to show or compare");
    }

    private string? DigestAt(string path)
    {
        if (this.Tracked.TryGetValue(path, out var single))
            return single.Digest.IsFolder ? null : single.Digest.Md5;
        foreach (var (output, entry) in this.Tracked)
        {
            if (!entry.Digest.IsFolder || !IsBelow(path, output))
                continue;
            if (!this.Home.Cache.Has(entry.Digest.Md5))
                throw new MissingDataException($"the folder `{output}` of {this.Name} is not in the cache; get it with `mlops fetch`", [output]);
            return this.Home.Cache.ReadListing(entry.Digest.Md5).Files.FirstOrDefault(f => f.Path == path[(output.Length + 1)..]).Md5;
        }

        return null;
    }

    private static bool IsBelow(string path, string folder) => folder.Length == 0 || (path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal));

    private static Dictionary<string, TrackedOutput> ByPath(Pipeline pipeline)
    {
        var all = new Dictionary<string, TrackedOutput>(StringComparer.Ordinal);
        foreach (var output in pipeline.Tracked([], pipeline.Project.Root))
            all[pipeline.Project.Shown(output.Path)] = output;
        return all;
    }
}
