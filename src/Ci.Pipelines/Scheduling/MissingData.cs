using Ci.Data;

namespace Ci.Pipelines.Scheduling;

/// <summary>Fetches what a stage needs and nobody here has, as far as the run may fetch at all.</summary>
internal sealed class MissingData(Pipeline pipeline, ReproOptions options)
{
    /// <summary>Outputs of a stage, by path as written.</summary>
    public Task<bool> FetchAsync(Stage stage, IReadOnlyList<LockedFile> outputs, CancellationToken ct) =>
        this.FetchAsync([.. from output in stage.Outputs from made in outputs where made.Path == output.Path && output.Cache select new TrackedOutput(output.FullPath, made.Digest, output.Remote, output.Push)], ct);

    /// <summary>Tracked data.</summary>
    public async Task<bool> FetchAsync(IReadOnlyCollection<TrackedOutput> outputs, CancellationToken ct)
    {
        var absent = outputs.Where(o => !pipeline.Project.Cache.HasAll(o.Digest.Md5)).ToList();
        return absent.Count == 0 || (options.Fetching is not null && await options.Fetching.FetchAsync(absent, ct));
    }

    /// <summary>Dependencies that do not lie in the workspace, but that a lock or a pointer knows.</summary>
    public async Task FetchDependenciesAsync(Stage stage, CancellationToken ct)
    {
        var absent = stage.Dependencies.Where(d => !Path.Exists(d.FullPath)).Select(d => d.FullPath).ToList();
        if (absent.Count == 0)
            return;
        var known = pipeline.Tracked([], pipeline.Project.Root).Where(t => absent.Any(path => path == t.Path || IsBelow(path, t.Path) || IsBelow(t.Path, path))).ToList();
        foreach (var data in known)
        {
            if (await this.FetchAsync([data], ct))
                pipeline.Project.Workspace.Restore(data.Path, data.Digest);
        }
    }

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
