using Ci.Data;

namespace Ci.Pipelines;

/// <summary>
/// Brings a pipeline up to date: what has not changed is skipped, what ran before with the same inputs is put back, the rest is run.
/// The lock is written after each stage, so that ending at any moment loses at most the stage that was running.
/// </summary>
public sealed class Reproducer(Pipeline pipeline, ReproOptions options, TimeProvider time, Action<ReproEvent> tell)
{
    private readonly RunCache runs = new(pipeline.Project);
    private readonly List<string> changedFiles = [];

    private Project Project => pipeline.Project;

    /// <summary>Files that the run changed and that belong into Git, by path from the project's root.</summary>
    public IReadOnlyList<string> ChangedFiles => [.. this.changedFiles.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Runs it.</summary>
    /// <returns>Whether anything was not up to date.</returns>
    /// <exception cref="StageFailedException">A command failed; the stages before it are recorded.</exception>
    public async Task<bool> RunAsync(CancellationToken ct = default)
    {
        var changed = false;
        try
        {
            var stages = pipeline.Select(options.Targets, options.Folder, options.SingleItem);
            foreach (var tracked in pipeline.Pointers.Where(p => options.Targets.Count == 0 || stages.Any(s => Needs(s, p))))
                changed |= this.Refresh(tracked);
            foreach (var stage in stages)
            {
                ct.ThrowIfCancellationRequested();
                changed |= await this.BringUpToDateAsync(stage, ct);
            }
        }
        finally
        {
            this.Project.SaveState();
        }

        return changed;
    }

    /// <summary>Records outputs and pointers as they are now, without running anything.</summary>
    public void Commit()
    {
        try
        {
            foreach (var stage in pipeline.Select(options.Targets, options.Folder, options.SingleItem).Where(s => StatusReader.Of(pipeline, s) is { Any: true }))
            {
                var outputs = stage.Outputs.Select(o => (o.Path, o.Cache ? this.SaveMade(stage, o) : this.Project.Workspace.DigestOf(o.FullPath) ?? throw NotMade(stage, o)));
                this.Record(stage, this.Inputs(stage, lenient: false) with { Outputs = [.. outputs] });
            }

            foreach (var tracked in pipeline.Pointers.Where(p => options.Targets.Count == 0 && Path.Exists(p.Target)))
                this.Refresh(tracked);
        }
        finally
        {
            this.Project.SaveState();
        }
    }

    private static bool Needs(Stage stage, PointerFile tracked) =>
        stage.Dependencies.Any(d => d.FullPath == tracked.Target
            || d.FullPath.StartsWith(tracked.Target + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || tracked.Target.StartsWith(d.FullPath + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    // Data that people change by hand: the pointer follows. Data that is not there, but in the cache, is put back.
    private bool Refresh(PointerFile tracked)
    {
        var now = this.Project.Workspace.DigestOf(tracked.Target, tracked.Digest);
        if (options.Dry || (now is not null && now.Md5 == tracked.Digest?.Md5))
            return false;
        if (now is null)
        {
            if (tracked.Digest is not null && this.Project.Cache.HasAll(tracked.Digest.Md5))
                this.Project.Workspace.Restore(tracked.Target, tracked.Digest);
            else
                throw new PipelineException($"`{this.Project.Shown(tracked.Target)}` (tracked by {this.Project.Shown(tracked.File)}) does not exist; get it with `mlops pull`");
            return true;
        }

        tracked.Write(this.Project.Workspace.Save(tracked.Target, tracked.Digest));
        this.changedFiles.Add(this.Project.Shown(tracked.File));
        return true;
    }

    private async Task<bool> BringUpToDateAsync(Stage stage, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        if (!options.Force && !this.Stale(stage).Any)
            return this.Skip(stage, begun);
        if (options.Dry)
            return await this.WorkAsync(stage, begun, null, ct);
        using var held = await this.Project.Locks.TakeAsync(
            $"stage {this.Project.Shown(stage.Folder)}:{stage.Name}", holder => this.Wait(stage, $"process {holder}, which works on it"), ct);
        await this.OutliveAsync(stage, held, ct);
        // Whoever held the lock may have brought the stage up to date.
        pipeline.ReadLockAgain(stage);
        return !options.Force && !this.Stale(stage).Any ? this.Skip(stage, begun) : await this.WorkAsync(stage, begun, held, ct);
    }

    // Outputs that lie as the lock says need no copy in the cache to be up to date.
    private StageChanges Stale(Stage stage)
    {
        var changes = StatusReader.Of(pipeline, stage);
        return changes with { Outputs = [.. changes.Outputs.Where(o => o.State != "not in cache" || !this.Lies(stage, o.Path))] };
    }

    private bool Skip(Stage stage, long begun)
    {
        tell(new ReproEvent(stage.Address, ReproEventKind.Unchanged, "", time.GetElapsedTime(begun)));
        return false;
    }

    private void Wait(Stage stage, string what) => tell(new ReproEvent(stage.Address, ReproEventKind.Waiting, what));

    // A process that was killed could not end its command, which may still be writing the outputs.
    private async Task OutliveAsync(Stage stage, FileLock held, CancellationToken ct)
    {
        if (held.LeftChild is not var (id, started) || !CommandRunner.Lives(id, started))
            return;
        held.Record(id, started);
        this.Wait(stage, $"its command, process {id}, left running by an mlops that was killed");
        while (CommandRunner.Lives(id, started))
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, ct);
        held.Forget();
    }

    private async Task<bool> WorkAsync(Stage stage, long begun, FileLock? held, CancellationToken ct)
    {
        var changes = this.Stale(stage);
        var inputs = this.Inputs(stage, options.Dry);
        if (!options.Force && !changes.Always && options.UseRunCache && this.Reusable(stage, changes, inputs) is { } run)
        {
            if (!options.Dry)
                this.Reuse(stage, run);
            tell(new ReproEvent(stage.Address, ReproEventKind.Reused, "", time.GetElapsedTime(begun)));
            return true;
        }

        tell(new ReproEvent(stage.Address, ReproEventKind.Running, string.Join('\n', stage.Commands)));
        if (options.Dry)
            return true;
        await this.RunAsync(stage, inputs, held!, ct);
        tell(new ReproEvent(stage.Address, ReproEventKind.Ran, "", time.GetElapsedTime(begun)));
        return true;
    }

    private bool Lies(Stage stage, string output) =>
        pipeline.LockOf(stage)[stage.Name]?.Outputs.FirstOrDefault(o => o.Path == output).Digest is { } then
        && this.Project.Workspace.DigestOf(stage.Outputs.First(o => o.Path == output).FullPath, then)?.Md5 == then.Md5;

    private LockedStage Inputs(Stage stage, bool lenient)
    {
        var dependencies = new List<(string, Digest)>();
        foreach (var (path, full) in stage.Dependencies)
        {
            if (this.Project.Workspace.DigestOf(full, pipeline.LockOf(stage)[stage.Name]?.Dependencies.FirstOrDefault(d => d.Path == path).Digest) is { } digest)
                dependencies.Add((path, digest));
            else if (!lenient)
                throw new PipelineException($"stage `{stage.Address}`: dependency `{path}` does not exist{this.Advice(full)}");
        }

        return new LockedStage(StageInputs.Command(stage), dependencies, StageInputs.Parameters(stage), []);
    }

    private string Advice(string path) =>
        pipeline.Stages.FirstOrDefault(s => s.Outputs.Any(o => o.FullPath == path)) is { } maker ? $"; it is made by stage `{maker.Address}`: run that first" : "";

    private LockedStage? Reusable(Stage stage, StageChanges changes, LockedStage inputs)
    {
        var locked = pipeline.LockOf(stage)[stage.Name];
        if (!changes.NeedsRun && locked is not null && stage.Outputs.All(o => locked.Outputs.Any(l => l.Path == o.Path && this.Project.Cache.HasAll(l.Digest.Md5))))
            return locked;
        return this.runs.Find(stage, inputs) is { } run ? inputs with { Outputs = run.Outputs } : null;
    }

    private void Reuse(Stage stage, LockedStage run)
    {
        foreach (var output in stage.Outputs)
        {
            this.Project.Workspace.Restore(output.FullPath, run.Outputs.First(o => o.Path == output.Path).Digest, force: true);
            this.Ignore(output);
        }

        this.Record(stage, run);
    }

    private async Task RunAsync(Stage stage, LockedStage inputs, FileLock held, CancellationToken ct)
    {
        foreach (var output in stage.Outputs.Where(o => !o.Persist))
            this.Project.Workspace.Remove(output.FullPath);
        var runner = new CommandRunner(options.Environment, options.PathPrefix, line => tell(new ReproEvent(stage.Address, ReproEventKind.Line, line)));
        await runner.RunAsync(stage, this.Project.Root, held, ct);

        var outputs = new List<(string, Digest)>();
        foreach (var output in stage.Outputs)
        {
            var digest = output.Cache || stage.CanReuseRuns ? this.SaveMade(stage, output)
                : this.Project.Workspace.DigestOf(output.FullPath, pipeline.LockOf(stage)[stage.Name]?.Outputs.FirstOrDefault(o => o.Path == output.Path).Digest);
            outputs.Add((output.Path, digest ?? throw NotMade(stage, output)));
            this.Ignore(output);
        }

        var run = inputs with { Outputs = outputs };
        this.runs.Put(stage, run);
        this.Record(stage, run);
    }

    private Digest SaveMade(Stage stage, Output output) => Path.Exists(output.FullPath)
        ? this.Project.Workspace.Save(output.FullPath, pipeline.LockOf(stage)[stage.Name]?.Outputs.FirstOrDefault(o => o.Path == output.Path).Digest) : throw NotMade(stage, output);

    private static PipelineException NotMade(Stage stage, Output output) =>
        new($"stage `{stage.Address}`: its command succeeded, but output `{output.Path}` does not exist; correct the command or the path in {PipelineFile.Name}");

    private void Ignore(Output output)
    {
        if (output.Cache && GitIgnoreFile.Add(this.Project, output.FullPath) is { } file)
            this.changedFiles.Add(this.Project.Shown(file));
    }

    private void Record(Stage stage, LockedStage run)
    {
        var lockFile = pipeline.LockOf(stage);
        if (lockFile[stage.Name] is { } old && StageInputs.Same(old.ToValue(), run.ToValue()))
            return;
        lockFile.Put(stage.Name, run);
        this.changedFiles.Add(this.Project.Shown(Path.Combine(stage.Folder, LockFile.Name)));
    }
}
