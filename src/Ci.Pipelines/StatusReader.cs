using Ci.Data;

namespace Ci.Pipelines;

/// <summary>Compares workspace, lock and cache.</summary>
public static class StatusReader
{
    /// <summary>Every stage and pointer that is not up to date.</summary>
    public static IReadOnlyList<StageChanges> All(Pipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return [.. pipeline.Stages.Select(s => Of(pipeline, s)).Concat(pipeline.Pointers.Select(p => Of(pipeline, p))).Where(c => c.Any)];
    }

    /// <summary>What changed about a stage.</summary>
    public static StageChanges Of(Pipeline pipeline, Stage stage)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(stage);
        var locked = pipeline.LockOf(stage)[stage.Name];
        var changes = new StageChanges(stage.Address) { Outputs = [.. Outputs(pipeline, stage, locked)] };
        if (stage.Frozen)
            return changes;
        return changes with
        {
            Always = stage.AlwaysChanged || stage.IsCallback,
            Command = locked is not null && !StageInputs.Same(StageInputs.Command(stage), locked.Command),
            Dependencies = [.. Dependencies(pipeline, stage, locked), .. Parameters(stage, locked)],
        };
    }

    /// <summary>What changed about a pointer.</summary>
    public static StageChanges Of(Pipeline pipeline, PointerFile file)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(file);
        var state = StateOf(pipeline.Project, file.Target, file.Digest, cached: true);
        return new StageChanges(pipeline.Project.Shown(file.File)) { Outputs = state is null ? [] : [(pipeline.Project.Shown(file.Target), state)] };
    }

    private static IEnumerable<(string Path, string? Key, string State)> Dependencies(Pipeline pipeline, Stage stage, LockedStage? locked)
    {
        foreach (var (path, full) in stage.Dependencies)
        {
            var now = pipeline.Project.Workspace.DigestOf(full);
            var then = locked?.Dependencies.FirstOrDefault(d => d.Path == path).Digest;
            if (now is null)
                yield return (path, null, "deleted");
            else if (now.Md5 != then?.Md5)
                yield return (path, null, "modified");
        }
    }

    private static IEnumerable<(string Path, string? Key, string State)> Parameters(Stage stage, LockedStage? locked)
    {
        foreach (var set in stage.Parameters)
        {
            var (now, missing) = StageInputs.Values(set);
            var then = locked?.Parameters.GetValueOrDefault(set.Path);
            if (now is null)
                yield return (set.Path, null, "deleted");
            else if (then is null)
                yield return (set.Path, null, "new");
            else
            {
                foreach (var (key, value) in now)
                {
                    if (!then.TryGetValue(key, out var old))
                        yield return (set.Path, key, "new");
                    else if (!StageInputs.Same(old, value))
                        yield return (set.Path, key, "modified");
                }

                foreach (var key in missing.Concat(set.Keys.Count == 0 ? then.Keys.Where(k => !now.ContainsKey(k)) : []))
                    yield return (set.Path, key, "deleted");
            }
        }
    }

    private static IEnumerable<(string Path, string State)> Outputs(Pipeline pipeline, Stage stage, LockedStage? locked)
    {
        foreach (var output in stage.Outputs)
        {
            var then = locked?.Outputs.FirstOrDefault(o => o.Path == output.Path).Digest;
            if (StateOf(pipeline.Project, output.FullPath, then, output.Cache) is { } state)
                yield return (output.Path, state);
        }
    }

    private static string? StateOf(Project project, string path, Digest? then, bool cached)
    {
        var now = project.Workspace.DigestOf(path);
        if (then is not null && cached && (now is null || now.Md5 == then.Md5) && !project.Cache.Lists(then.Md5))
            return "not in cache";
        if (now is null)
            return "deleted";
        return now.Md5 == then?.Md5 ? null : "modified";
    }
}
