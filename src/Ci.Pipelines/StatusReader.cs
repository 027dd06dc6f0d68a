using Ci.Data;

namespace Ci.Pipelines;

/// <summary>Compares workspace, lock and cache.</summary>
public static class StatusReader
{
    private const string NotInCache = "not in cache";

    /// <summary>Every stage and pointer that is not up to date.</summary>
    public static IReadOnlyList<StageChanges> All(Pipeline pipeline) => All(pipeline, [], [], recursive: false, withNeeds: false);

    /// <summary>What of some targets is not up to date, stages in the order in which they are written.</summary>
    /// <param name="pipeline">The project.</param>
    /// <param name="targets">Stages, outputs, paths inside outputs, pointers; none means everything.</param>
    /// <param name="frozen">Filled with the frozen stages that were looked at.</param>
    /// <param name="recursive">Folders among the targets mean all that is described below them.</param>
    /// <param name="withNeeds">Also what the targets need.</param>
    public static IReadOnlyList<StageChanges> All(Pipeline pipeline, IReadOnlyList<Target> targets, ICollection<string> frozen, bool recursive, bool withNeeds)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(frozen);
        var all = new List<StageChanges>();
        foreach (var (stage, pointer, path) in TargetSelection.Of(pipeline, targets, recursive, withNeeds))
        {
            if (stage is { Frozen: true } || (pointer is { Frozen: true } && !pointer.Sources.Any(s => s.Url is not null)))
                frozen.Add(stage?.Address ?? pipeline.Project.Shown(pointer!.File));
            all.Add(stage is not null ? Shown(pipeline, stage, path) : Of(pipeline, pointer!));
        }

        // The outputs of one pointer stand together.
        return [.. all.Where(c => c.Any).GroupBy(c => c.Name, StringComparer.Ordinal).Select(g => g.First() with { Outputs = [.. g.SelectMany(c => c.Outputs)] })];
    }

    /// <summary>What changed about a stage in the workspace, whatever the cache holds.</summary>
    internal static StageChanges InWorkspace(Pipeline pipeline, Stage stage)
    {
        var locked = pipeline.LockOf(stage)[stage.Name];
        return Of(pipeline, stage) with
        {
            Outputs = [.. stage.Outputs.Select(o => (o.Path, State: WorkspaceState(pipeline.Project, o.FullPath, Locked(locked, o), o.Cache)!)).Where(o => o.State is not null)],
        };
    }

    /// <inheritdoc cref="InWorkspace(Pipeline, Stage)"/>
    internal static StageChanges InWorkspace(Pipeline pipeline, PointerFile file)
    {
        var state = WorkspaceState(pipeline.Project, file.Target, file.Digest, file.Cache);
        return Of(pipeline, file) with { Outputs = state is null ? [] : [(pipeline.Project.Shown(file.Target), state)] };
    }

    /// <summary>What changed about a stage, as far as it matters for running it: of a frozen one only its outputs.</summary>
    public static StageChanges Of(Pipeline pipeline, Stage stage)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(stage);
        var locked = pipeline.LockOf(stage)[stage.Name];
        var changes = new StageChanges(stage.Address) { Outputs = [.. Outputs(pipeline, stage, locked)], Folder = stage.WorkingFolder };
        if (stage.Frozen)
            return changes;
        return changes with
        {
            Always = stage.AlwaysChanged || stage.IsCallback,
            Command = IsCommandChanged(stage, locked),
            Dependencies = [.. Dependencies(pipeline, stage, locked), .. Parameters(pipeline, stage, locked)],
        };
    }

    /// <summary>What changed about a pointer.</summary>
    public static StageChanges Of(Pipeline pipeline, PointerFile file)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(file);
        var state = StateOf(pipeline.Project, file.Target, file.Digest, file.Cache);
        return new StageChanges(pipeline.Project.Shown(file.File))
        {
            Outputs = state is null ? [] : [(pipeline.Project.Shown(file.Target), state)],
            Dependencies = file.Frozen ? [] : [.. Sources(pipeline, file)],
            Checksum = file.IsStale,
            Folder = pipeline.Project.Root,
        };
    }

    // For people a frozen stage's own changes count, too; only what it depends on does not.
    private static StageChanges Shown(Pipeline pipeline, Stage stage, string? path)
    {
        var changes = Of(pipeline, stage);
        if (stage.Frozen)
            changes = changes with { Always = stage.AlwaysChanged || stage.IsCallback, Command = IsCommandChanged(stage, pipeline.LockOf(stage)[stage.Name]) };
        return path is null ? changes : changes with { Outputs = [.. changes.Outputs.Where(o => StageReader.FullPath(o.Path, stage.WorkingFolder) == path)] };
    }

    private static bool IsCommandChanged(Stage stage, LockedStage? locked) => locked is not null && !StageInputs.Same(StageInputs.Command(stage), locked.Command);

    private static IEnumerable<(string Path, string? Key, string State)> Dependencies(Pipeline pipeline, Stage stage, LockedStage? locked)
    {
        foreach (var (path, full) in stage.Dependencies)
        {
            var then = locked?.DependencyOf(path);
            var now = pipeline.Project.Workspace.DigestOf(full, then);
            if (now is null)
                yield return (path, null, "deleted");
            else if (now.Md5 != then?.Md5)
                yield return (path, null, "modified");
        }
    }

    private static IEnumerable<(string Path, string? Key, string State)> Sources(Pipeline pipeline, PointerFile file)
    {
        foreach (var source in file.Sources.Where(s => s.Url is null && !s.Path.Contains("://", StringComparison.Ordinal) && s.Path.Length > 0))
        {
            var now = pipeline.Project.Workspace.DigestOf(Path.GetFullPath(source.Path, Path.GetDirectoryName(file.File)!), source.Digest);
            if (now?.Md5 != source.Digest?.Md5)
                yield return (source.Path, null, now is null ? "deleted" : "modified");
        }
    }

    private static IEnumerable<(string Path, string? Key, string State)> Parameters(Pipeline pipeline, Stage stage, LockedStage? locked)
    {
        foreach (var set in stage.Parameters)
        {
            var (now, _) = StageInputs.Values(pipeline.ParameterFiles, set);
            var then = locked?.Parameters.GetValueOrDefault(set.Path);
            if (now is null)
                yield return (set.Path, null, "deleted");
            else if (then is null)
                yield return (set.Path, null, "new");
            else
            {
                // Of a whole file, what is there now and what was there then.
                foreach (var key in set.Keys.Count > 0 ? set.Keys : now.Keys.Union(then.Keys, StringComparer.Ordinal))
                {
                    var was = then.TryGetValue(key, out var old);
                    if (!now.TryGetValue(key, out var value))
                        yield return (set.Path, key, "deleted");
                    else if (!was)
                        yield return (set.Path, key, "new");
                    else if (!PythonText.AreEqual(old, value))
                        yield return (set.Path, key, "modified");
                }
            }
        }
    }

    private static IEnumerable<(string Path, string State)> Outputs(Pipeline pipeline, Stage stage, LockedStage? locked)
    {
        foreach (var output in stage.Outputs)
        {
            if (StateOf(pipeline.Project, output.FullPath, Locked(locked, output), output.Cache) is { } state)
                yield return (output.Path, state);
        }
    }

    private static Digest? Locked(LockedStage? locked, Output output) => locked?.OutputOf(output.Path);

    private static string? StateOf(Project project, string path, Digest? then, bool cached) =>
        then is not null && cached && !project.Cache.Lists(then.Md5) ? NotInCache : WorkspaceState(project, path, then, cached);

    private static string? WorkspaceState(Project project, string path, Digest? then, bool cached)
    {
        var now = project.Workspace.DigestOf(path, then);
        if (now is null)
            return "deleted";
        if (now.Md5 != then?.Md5)
            return "modified";
        return cached && now.IsExecutable != then.IsExecutable && project.KeepsModes ? "mode changed" : null;
    }
}
