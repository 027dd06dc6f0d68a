using Ci.Data;
using Ci.Git;
using Ci.Pipelines.Parameters;

namespace Ci.Pipelines;

/// <summary>Metrics and parameters of the workspace or of a Git revision.</summary>
public sealed class ValueReader(Pipeline pipeline)
{
    /// <summary>The files that hold metrics, by path from the root, ordered.</summary>
    public IReadOnlyList<string> MetricFiles =>
        [.. pipeline.Stages.SelectMany(s => s.Outputs).Concat(pipeline.TopLevel.Metrics).Where(o => o.Kind == OutputKind.Metrics).Select(o => pipeline.Project.Shown(o.FullPath)).Distinct().Order(PythonText.Order)];

    /// <summary>The files that hold parameters: those that stages, <c>params</c> and <c>vars</c> name, and <c>params.yaml</c>.</summary>
    public IReadOnlyList<string> ParameterFiles =>
        [.. pipeline.Stages.SelectMany(s => s.Parameters).Concat(pipeline.TopLevel.Parameters).Select(p => pipeline.Project.Shown(p.FullPath))
            .Concat(File.Exists(Path.Combine(pipeline.Project.Root, PipelineFile.DefaultParameters)) ? [PipelineFile.DefaultParameters] : [])
            .Distinct().Order(PythonText.Order)];

    /// <summary>Whether a value is a parameter of the pipeline: all of <c>params.yaml</c> are, of other files those that something names.</summary>
    public bool IsParameter(string file, string key)
    {
        if (file == PipelineFile.DefaultParameters)
            return true;
        var sets = pipeline.Stages.SelectMany(s => s.Parameters).Concat(pipeline.TopLevel.Parameters).Where(p => pipeline.Project.Shown(p.FullPath) == file).ToList();
        return sets.Any(s => s.Keys.Count == 0 || s.Keys.Any(k => key == k || key.StartsWith(k + ".", StringComparison.Ordinal)));
    }

    /// <summary>A file's values now, or null when it is not there.</summary>
    public object? Read(string file)
    {
        var path = Path.Combine(pipeline.Project.Root, file);
        return File.Exists(path) ? ParameterFile.Read(path, file) : null;
    }

    /// <summary>A file's values at a revision: from Git, or from the cache by the lock of that revision; null when it was not there.</summary>
    public async Task<object?> ReadAsync(GitRepository git, string revision, string file, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(git);
        var full = Path.Combine(pipeline.Project.Root, file);
        var path = Path.GetRelativePath(git.Path, full).Replace(Path.DirectorySeparatorChar, '/');
        if (await git.ReadFileAsync(revision, path, ct) is { } bytes)
            return ParameterFile.Parse(bytes, file);
        return await this.LockedAsync(git, revision, full, ct) is { } digest && pipeline.Project.Cache.Has(digest.Md5)
            ? ParameterFile.Parse(await File.ReadAllBytesAsync(pipeline.Project.Cache.PathOf(digest.Md5), ct), file)
            : null;
    }

    /// <summary>Every value that differs (or every one) between two readings of the same files.</summary>
    public static IReadOnlyList<ValueChange> Compare(IReadOnlyDictionary<string, object?> old, IReadOnlyDictionary<string, object?> now, bool all)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(now);
        var changes = new List<ValueChange>();
        foreach (var file in old.Keys.Union(now.Keys, StringComparer.Ordinal).Order(PythonText.Order))
        {
            var before = Values(old.GetValueOrDefault(file));
            var after = Values(now.GetValueOrDefault(file));
            foreach (var key in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(PythonText.Order))
            {
                var had = before.TryGetValue(key, out var a);
                var has = after.TryGetValue(key, out var b);
                if (all || !StageInputs.Same(a, b))
                    changes.Add(new ValueChange(file, key, a, b) { HadOld = had, HasNew = has });
            }
        }

        return changes;
    }

    private static Dictionary<string, object?> Values(object? root)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (root is null)
            return values;
        foreach (var (key, value) in ParameterFile.Flatten(root))
            values[key] = value;
        return values;
    }

    private async Task<Digest?> LockedAsync(GitRepository git, string revision, string full, CancellationToken ct)
    {
        foreach (var stage in pipeline.Stages)
        {
            if (stage.Outputs.FirstOrDefault(o => o.FullPath == full) is not { } output)
                continue;
            var lockPath = Path.GetRelativePath(git.Path, Path.Combine(stage.Folder, LockFile.Name)).Replace(Path.DirectorySeparatorChar, '/');
            if (await git.ReadFileAsync(revision, lockPath, ct) is { } bytes)
                return LockFile.Parse(System.Text.Encoding.UTF8.GetString(bytes), $"{revision}:{lockPath}")[stage.Name]?.Outputs.FirstOrDefault(o => o.Path == output.Path).Digest;
        }

        return null;
    }
}
