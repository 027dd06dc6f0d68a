using Ci.Data;

namespace Ci.Pipelines.Upstream;

/// <summary>What a folder on this machine holds now, committed or not: its files, and the data that its project tracks.</summary>
public static class WorkspaceListing
{
    /// <summary>Everything at or below a path; folders of data as one entry each when their files are not asked for.</summary>
    /// <param name="folder">The folder that is looked at, absolute.</param>
    /// <param name="path">Below it; empty means all of it.</param>
    /// <param name="intoData">Down to the files of tracked folders.</param>
    /// <param name="dataOnly">Files that are not data are left out.</param>
    /// <param name="time">A clock.</param>
    public static IReadOnlyList<UpstreamEntry> Of(string folder, string path, bool intoData, bool dataOnly, TimeProvider time)
    {
        var start = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));
        var top = Path.TrimEndingDirectorySeparator(folder);
        if (start != top && !start.StartsWith(top + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new PipelineException($"`{path}` lies outside of {folder}");
        var pipeline = Describes(start) is { } root ? Pipeline.Load(Project.Open(root, time)) : null;
        var found = new Dictionary<string, UpstreamEntry>(StringComparer.Ordinal);
        foreach (var file in dataOnly ? [] : Walk(start, pipeline, intoData, 0))
            found[file] = new UpstreamEntry(file, null, null, IsOutput: false, IsFolder: false, IsExecutable(file), new FileInfo(file).Length);
        foreach (var entry in pipeline is null ? [] : Data(pipeline, start, intoData))
            found[entry.Path] = entry;
        if (found.Count == 0 && !Directory.Exists(start))
            throw new PipelineException($"`{path}` is nothing that {folder} holds");
        return [.. found.Values.Select(e => e with { Path = e.Path == start ? "" : e.Path[(start.Length + 1)..].Replace(Path.DirectorySeparatorChar, '/') }).OrderBy(e => e.Path, PythonText.Order)];
    }

    private static string? Describes(string start)
    {
        for (var at = start; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Directory.Exists(Path.Combine(at, ".dvc")))
                return at;
        }

        return null;
    }

    private static IEnumerable<string> Walk(string start, Pipeline? pipeline, bool intoData, int depth)
    {
        if (File.Exists(start))
            return [start];
        if (!Directory.Exists(start) || depth > 200)
            return [];
        var data = pipeline is null || intoData ? [] : pipeline.Pointers.Select(p => p.Target).Concat(pipeline.Stages.SelectMany(s => s.Outputs).Where(o => o.Cache).Select(o => o.FullPath)).ToHashSet(StringComparer.Ordinal);
        return Inside(start, depth);

        IEnumerable<string> Inside(string folder, int level)
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                var isFolder = entry is DirectoryInfo;
                if (entry.Name is ".git" or ".dvc" or ".hg" || pipeline?.Project.Ignore.Ignores(entry.FullName, isFolder) == true)
                    continue;
                if (!isFolder)
                    yield return entry.FullName;
                else if (entry.LinkTarget is null && level < 200 && !data.Contains(entry.FullName))
                {
                    foreach (var inner in Inside(entry.FullName, level + 1))
                        yield return inner;
                }
            }
        }
    }

    private static IEnumerable<UpstreamEntry> Data(Pipeline pipeline, string start, bool intoData)
    {
        var cache = pipeline.Project.Cache;
        foreach (var output in pipeline.Tracked([], pipeline.Project.Root))
        {
            var isInside = output.Digest.IsFolder && IsIn(start, output.Path);
            if (!IsIn(output.Path, start) && !isInside)
                continue;
            if (!output.Digest.IsFolder || !(intoData || isInside) || !cache.Has(output.Digest.Md5))
            {
                yield return new UpstreamEntry(output.Path, null, output.Digest.Md5, IsOutput: true, output.Digest.IsFolder, output.Digest.IsExecutable, output.Digest.Size);
                continue;
            }

            foreach (var (file, md5) in cache.ReadListing(output.Digest.Md5).Files)
            {
                var full = Path.Combine(output.Path, file);
                if (IsIn(full, start))
                    yield return new UpstreamEntry(full, null, md5, IsOutput: true, IsFolder: false, IsExecutable(full), File.Exists(full) ? new FileInfo(full).Length : null);
            }
        }
    }

    private static bool IsExecutable(string file) =>
        !OperatingSystem.IsWindows() && File.Exists(file) && File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute);

    private static bool IsIn(string path, string folder) => path == folder || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
