using Ci.Data;

namespace Ci.Pipelines.Scheduling;

/// <summary>Says why a stage would run: which part of its key is not what it was at its last recorded run.</summary>
public sealed class WhyReader(Pipeline pipeline, ReproOptions options, TimeProvider time)
{
    private const int MostRuns = 2000;

    private readonly StageRunner runner = new(pipeline, options, time, ResourcePool.OfThisMachine());
    private readonly Staleness staleness = new(pipeline, options);

    private Project Project => pipeline.Project;

    /// <summary>Compares a stage with its last recorded run, and with what the run cache holds.</summary>
    public async Task<StageReasons> OfAsync(Stage stage, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var pool = ResourcePool.OfThisMachine();
        if (stage.Needs.Gpus > 0 && options.Accelerator is null)
            pool.Gpus = await GpuList.ReadAsync(options.Environment, time, ct);
        var keys = new StageRunner(pipeline, options, time, pool).Keys(stage);
        var locked = pipeline.LockOf(stage)[stage.Name];
        var reasons = this.Reasons(stage, locked).ToList();
        var result = new StageReasons(stage.Address, reasons) { StaleNeeds = this.StaleNeeds(stage) };
        if (reasons.Count == 0)
            return result;
        if (stage.Frozen)
            return result with { Fate = StageFate.Verify, NoReuse = "the stage is frozen" };
        if (reasons.Any(r => r.State == "missing"))
            return result with { Fate = StageFate.Fail, NoReuse = "a dependency or parameter is missing" };
        var noReuse = NoReuse(stage, keys);
        if (noReuse is not null)
            return result with { Fate = StageFate.Run, NoReuse = noReuse };
        var inputs = this.runner.Inputs(stage, lenient: true);
        var canReuse = this.IsPutBack(stage, locked) || keys.Any(parts => this.runner.Runs.Candidates(stage, inputs, parts).Any(this.runner.Runs.IsWhole));
        return result with { Fate = canReuse ? StageFate.Reuse : StageFate.Run, Nearest = canReuse ? null : this.Nearest(stage, inputs, keys) };
    }

    private List<string> StaleNeeds(Stage stage)
    {
        var graph = PipelineGraph.Of(pipeline, frozenNeedNothing: true);
        var own = graph.Find(stage.Folder + Path.DirectorySeparatorChar + PipelineFile.Name + ":" + stage.Name, stage.Folder);
        return [.. graph.InOrder(graph.Connected(own, full: false)).Where(i => !own.Contains(i) && graph.StageAt(i) is { } need && (this.staleness.Of(need, lenient: false).Any || this.staleness.HasOtherParts(need))).Select(graph.NameOf)];
    }

    private static string? NoReuse(Stage stage, IReadOnlyList<RunKeyParts> keys) =>
        stage.AlwaysChanged || stage.IsCallback ? "a stage that always changes runs always"
        : stage.Outputs.Any(o => o.Persist) ? "an output that persists depends on more than the inputs"
        : stage.Outputs.Count == 0 ? "the stage has no outputs to put back"
        : !stage.CanReuseRuns ? "the stage has no dependencies to tell runs apart by"
        : keys.Count == 0 ? "this machine has no GPU whose class could be looked for; name one with --accelerator" : null;

    // Only outputs are not as they were, and the cache has them.
    private bool IsPutBack(Stage stage, LockedStage? locked)
    {
        var changes = this.staleness.Of(stage, lenient: false);
        return !changes.NeedsRun && locked is not null && !this.staleness.HasOtherParts(stage)
            && stage.Outputs.All(o => locked.Outputs.Any(l => l.Path == o.Path && this.Project.Cache.HasAll(l.Digest.Md5)));
    }

    private IEnumerable<StageReason> Reasons(Stage stage, LockedStage? locked)
    {
        var changes = this.staleness.Of(stage, lenient: false);
        if (locked is null && !stage.Frozen)
        {
            yield return new StageReason("never_run", "", "new");
            foreach (var (path, full) in stage.Dependencies.Where(d => !Path.Exists(d.FullPath)))
                yield return new StageReason("dependency", path, "missing") { Maker = this.MakerOf(full) };
            yield break;
        }

        if (changes.Always)
            yield return new StageReason("always_changed", "", stage.AlwaysChanged ? "declared" : "nothing to tell by");
        if (changes.Command)
            yield return new StageReason("command", "", "modified") { Old = Shown(locked!.Command), New = Shown(StageInputs.Command(stage)) };
        foreach (var (path, key, state) in changes.Dependencies)
            yield return stage.Parameters.Any(p => p.Path == path) ? Parameter(stage, locked, path, key, state) : this.Dependency(stage, locked, path, state);
        foreach (var sentence in this.PartReasons(stage, locked))
            yield return sentence;
        foreach (var (path, state) in changes.Outputs)
            yield return this.Output(stage, locked, path, state);
    }

    private StageReason Dependency(Stage stage, LockedStage? locked, string path, string state)
    {
        var full = stage.Dependencies.First(d => d.Path == path).FullPath;
        var then = locked?.DependencyOf(path);
        return new StageReason("dependency", path, state == "deleted" ? "missing" : then is null ? "new" : state)
        {
            Old = then?.Md5, New = this.Project.Workspace.DigestOf(full, then)?.Md5, Maker = this.MakerOf(full),
        };
    }

    private StageReason Parameter(Stage stage, LockedStage? locked, string path, string? key, string state)
    {
        var set = stage.Parameters.First(p => p.Path == path);
        var now = StageInputs.Values(pipeline.ParameterFiles, set).Found;
        var then = locked?.Parameters.GetValueOrDefault(path);
        if (key is null)
            return new StageReason("parameter", path, state == "deleted" ? "missing" : state);
        return new StageReason("parameter", $"{path}:{key}", state == "deleted" && set.Keys.Contains(key, StringComparer.Ordinal) ? "missing" : state)
        {
            Old = then?.TryGetValue(key, out var old) is true ? PythonText.Json(old, sortKeys: false) : null,
            New = now?.TryGetValue(key, out var value) is true ? PythonText.Json(value, sortKeys: false) : null,
        };
    }

    private IEnumerable<StageReason> PartReasons(Stage stage, LockedStage? locked)
    {
        if (stage.Frozen || locked is null || (stage.Needs.Environment.Count == 0 && stage.Needs.Image is null))
            yield break;
        var now = RunKeyParts.Of(stage, options.Environment, "");
        if (new KeyLock(this.Project, stage.Folder).Of(stage, locked) is not { } then)
        {
            yield return new StageReason("environment", "", "not recorded");
            yield break;
        }

        foreach (var reason in PartsThatDiffer(then, now, withAccelerator: false))
            yield return reason;
    }

    private StageReason Output(Stage stage, LockedStage? locked, string path, string state)
    {
        var output = stage.Outputs.First(o => o.Path == path);
        return new StageReason("output", path, state)
        {
            Old = locked?.OutputOf(path)?.Md5, New = this.Project.Workspace.DigestOf(output.FullPath)?.Md5, Maker = stage.Address,
        };
    }

    // Of the runs that made the same files, the one that differs in the fewest parts.
    private IReadOnlyList<StageReason>? Nearest(Stage stage, LockedStage inputs, IReadOnlyList<RunKeyParts> keys) =>
        this.runner.Runs.Kin(stage, MostRuns).Select(kin => this.Difference(kin.Run, kin.Parts, inputs, keys)).MinBy(d => d.Count);

    private List<StageReason> Difference(LockedStage run, RunKeyParts parts, LockedStage inputs, IReadOnlyList<RunKeyParts> keys)
    {
        var found = new List<StageReason>();
        if (!StageInputs.Same(run.Command, inputs.Command))
            found.Add(new StageReason("command", "", "modified") { Old = Shown(run.Command), New = Shown(inputs.Command) });
        foreach (var path in run.Dependencies.Concat(inputs.Dependencies).Select(d => d.Path).Distinct(StringComparer.Ordinal))
        {
            var (then, now) = (run.DependencyOf(path)?.Md5, inputs.DependencyOf(path)?.Md5);
            if (then != now)
                found.Add(new StageReason("dependency", path, StateOf(then, now)) { Old = then, New = now });
        }

        var (old, current) = (Flat(run), Flat(inputs));
        foreach (var key in old.Keys.Union(current.Keys, StringComparer.Ordinal).Where(k => old.GetValueOrDefault(k) != current.GetValueOrDefault(k)).Order(PythonText.Order))
            found.Add(new StageReason("parameter", key, StateOf(old.GetValueOrDefault(key), current.GetValueOrDefault(key))) { Old = old.GetValueOrDefault(key), New = current.GetValueOrDefault(key) });
        found.AddRange(keys.Select(key => PartsThatDiffer(parts, key, withAccelerator: true).ToList()).MinBy(d => d.Count) ?? []);
        if (found.Count == 0)
            found.AddRange(run.Outputs.Where(o => !this.Project.Cache.HasAll(o.Digest.Md5)).Select(o => new StageReason("output", o.Path, "not in cache") { Old = o.Digest.Md5 }));
        return found;
    }

    private static IEnumerable<StageReason> PartsThatDiffer(RunKeyParts then, RunKeyParts now, bool withAccelerator)
    {
        var (old, current) = (then.Environment.ToDictionary(v => v.Name, v => v.Digest, StringComparer.Ordinal), now.Environment.ToDictionary(v => v.Name, v => v.Digest, StringComparer.Ordinal));
        foreach (var name in old.Keys.Union(current.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (had, has) = (old.GetValueOrDefault(name), current.GetValueOrDefault(name));
            if (had != has || old.ContainsKey(name) != current.ContainsKey(name))
                yield return new StageReason("environment", name, StateOf(had, has)) { Old = had, New = has };
        }

        if (then.Image != now.Image)
            yield return new StageReason("image", "", StateOf(then.Image, now.Image)) { Old = then.Image, New = now.Image };
        if (withAccelerator && then.Accelerator != now.Accelerator)
            yield return new StageReason("accelerator", "", StateOf(then.Accelerator, now.Accelerator)) { Old = then.Accelerator, New = now.Accelerator };
    }

    private static Dictionary<string, string> Flat(LockedStage run) =>
        run.Parameters.SelectMany(file => file.Value.Select(p => (Key: $"{file.Key}:{p.Key}", p.Value))).ToDictionary(p => p.Key, p => PythonText.Json(p.Value, sortKeys: false), StringComparer.Ordinal);

    private static string StateOf(string? old, string? now) => old is null ? "new" : now is null ? "deleted" : "modified";

    private static string Shown(object command) => command is IReadOnlyList<object?> list ? string.Join('\n', list) : (string)command;

    private string? MakerOf(string path) =>
        pipeline.Stages.FirstOrDefault(s => s.Outputs.Any(o => o.FullPath == path || path.StartsWith(o.FullPath + Path.DirectorySeparatorChar, StringComparison.Ordinal)))?.Address
        ?? (pipeline.Pointers.FirstOrDefault(p => p.Target == path || path.StartsWith(p.Target + Path.DirectorySeparatorChar, StringComparison.Ordinal)) is { } pointer ? this.Project.Shown(pointer.File) : null);
}
