using Ci.Data;
using Ci.Git;
using Ci.Pipelines.Parameters;
using Ci.Pipelines.Revisions;

namespace Ci.Pipelines;

/// <summary>Metrics and parameters of a project as one view has it: the workspace, or a revision with the pipeline that it had then.</summary>
public sealed class ValueReader(ProjectView view)
{
    private const int MostBytes = 64 << 20;

    private readonly Pipeline pipeline = view.Pipeline;
    private readonly List<string> problems = [];

    public ValueReader(Pipeline pipeline)
        : this(new WorkspaceView(pipeline))
    {
    }

    /// <summary>What could not be read, a line each.</summary>
    public IReadOnlyList<string> Problems => this.problems;

    /// <summary>The files (or folders of files) that hold metrics, by path from the root: those of stages, then those of the top level.</summary>
    public IReadOnlyList<string> MetricFiles =>
        [.. this.pipeline.Stages.SelectMany(s => s.Outputs).Concat(this.pipeline.TopLevel.Metrics).Where(o => o.Kind == OutputKind.Metrics).Select(o => view.Shown(o.FullPath)).Distinct()];

    /// <summary>The files that hold parameters: those that stages, <c>params</c> and <c>vars</c> name, and <c>params.yaml</c>; ordered.</summary>
    public IReadOnlyList<string> ParameterFiles =>
        [.. this.Sets.Select(p => view.Shown(p.FullPath)).Concat(this.HasDefault ? [PipelineFile.DefaultParameters] : []).Distinct().Order(PythonText.Order)];

    private IEnumerable<ParameterSet> Sets => this.pipeline.Stages.SelectMany(s => s.Parameters).Concat(this.pipeline.TopLevel.Parameters);

    private bool HasDefault => File.Exists(Path.Combine(this.pipeline.Project.Root, PipelineFile.DefaultParameters));

    /// <summary>Whether a value is a parameter of the pipeline: all of <c>params.yaml</c> are, of other files those that something names.</summary>
    public bool IsParameter(string file, string key) => file == PipelineFile.DefaultParameters || this.Names(this.Sets, file, key);

    /// <summary>A file's values, or null when it is not there.</summary>
    public object? Read(string file) => view.Read(file, MostBytes) is { } bytes ? ParameterFile.Parse(bytes, file) : null;

    /// <summary>One file's values at a commit, by this view's pipeline: from Git, or from the cache by the lock of that commit; null when it was not there.</summary>
    public async Task<object?> ReadAsync(GitRepository git, string commit, string file, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(git);
        var full = Path.Combine(this.pipeline.Project.Root, file);
        if (await git.ReadFileAsync(commit, InGit(git, full), ct) is { } bytes)
            return ParameterFile.Parse(bytes, file);
        var cache = this.pipeline.Project.Cache;
        return await this.LockedAsync(git, commit, full, ct) is { } digest && cache.Has(digest.Md5) ? ParameterFile.Parse(await File.ReadAllBytesAsync(cache.PathOf(digest.Md5), ct), file) : null;
    }

    /// <summary>Metrics by file: what is neither number nor text nor keys with such is none.</summary>
    /// <param name="targets">Files or folders, from the root; none means all that the pipeline names.</param>
    public OrderedDictionary<string, object?> Metrics(IReadOnlyList<string> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var found = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var file in this.MetricsByFile(targets))
        {
            if (file.Problem is null)
                found[file.Path] = file.Values;
        }

        return found;
    }

    /// <summary>As <see cref="Metrics"/>, with the files that could not be read, in the order in which they are named.</summary>
    public IReadOnlyList<MetricFile> MetricsByFile(IReadOnlyList<string> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var found = new List<MetricFile>();
        foreach (var file in (targets.Count > 0 ? targets : this.MetricFiles).SelectMany(this.Expanded).Distinct())
        {
            var nothing = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            found.Add(this.TryRead(file, out var values, out var isAbsent)
                ? new MetricFile(file, Measured(values) ?? nothing, null)
                : new MetricFile(file, nothing, this.problems[^1]) { IsAbsent = isAbsent });
        }

        return found;
    }

    /// <summary>Parameters by file, by dotted key.</summary>
    /// <param name="targets">Files, from the root, that are then taken whole; none means all that the pipeline names.</param>
    /// <param name="dependenciesOnly">Only what stages depend on.</param>
    public OrderedDictionary<string, object?> Parameters(IReadOnlyList<string> targets, bool dependenciesOnly)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var needed = this.pipeline.Stages.SelectMany(s => s.Parameters).ToList();
        var files = targets.Count > 0 ? targets : dependenciesOnly ? [.. needed.Select(p => view.Shown(p.FullPath)).Distinct().Order(PythonText.Order)] : this.ParameterFiles;
        var found = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (!this.TryRead(file, out var values, out _))
                continue;
            var chosen = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            foreach (var (key, value) in ParameterFile.Flatten(values))
            {
                if (targets.Count > 0 || (dependenciesOnly ? this.Names(needed, file, key) : this.IsParameter(file, key)))
                    chosen[key] = value;
            }

            found[file] = chosen;
        }

        return found;
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

    private static string InGit(GitRepository git, string full) => Path.GetRelativePath(git.Path, full).Replace(Path.DirectorySeparatorChar, '/');

    private async Task<Digest?> LockedAsync(GitRepository git, string commit, string full, CancellationToken ct)
    {
        foreach (var stage in this.pipeline.Stages)
        {
            if (stage.Outputs.FirstOrDefault(o => o.FullPath == full) is not { } output)
                continue;
            var lockPath = InGit(git, Path.Combine(stage.Folder, LockFile.Name));
            if (await git.ReadFileAsync(commit, lockPath, ct) is { } bytes)
                return LockFile.Parse(System.Text.Encoding.UTF8.GetString(bytes), $"{commit}:{lockPath}")[stage.Name]?.OutputOf(output.Path);
        }

        return null;
    }

    // A folder stands for every file in it; what is not there at all stands for itself, and is told when it is read.
    private IEnumerable<string> Expanded(string path) => view.Files(path) is { Count: > 0 } files ? files : [path];

    private bool TryRead(string file, out object? values, out bool isAbsent)
    {
        (values, isAbsent) = (null, false);
        try
        {
            if (view.Read(file, MostBytes) is not { } bytes)
            {
                this.problems.Add($"`{file}` does not exist");
                isAbsent = true;
                return false;
            }

            values = ParameterFile.Parse(bytes, file);
            return true;
        }
        catch (Exception error) when (error is DataException or PipelineException)
        {
            this.problems.Add(error.Message);
            isAbsent = error is MissingDataException;
            return false;
        }
    }

    private static object? Measured(object? value)
    {
        switch (value)
        {
            case null or IReadOnlyList<object?>:
                return null;
            case OrderedDictionary<string, object?> map:
                var kept = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
                foreach (var (key, inner) in map)
                {
                    if (Measured(inner) is { } measured)
                        kept[key] = measured;
                }

                return kept.Count > 0 ? kept : null;
            default:
                return value;
        }
    }

    private bool Names(IEnumerable<ParameterSet> sets, string file, string key) =>
        sets.Where(p => view.Shown(p.FullPath) == file).Any(s => s.Keys.Count == 0 || s.Keys.Any(k => key == k || key.StartsWith(k + ".", StringComparison.Ordinal)));

    private static Dictionary<string, object?> Values(object? root)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (root is null or OrderedDictionary<string, object?> { Count: 0 })
            return values;
        foreach (var (key, value) in ParameterFile.Flatten(root))
            values[key] = value;
        return values;
    }
}
