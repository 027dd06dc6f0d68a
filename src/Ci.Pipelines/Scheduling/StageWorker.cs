using Ci.Data;

namespace Ci.Pipelines.Scheduling;

/// <summary>Brings one step of a run up to date. Whatever reads or writes the pipeline's files goes on one thread at a time; commands do not.</summary>
internal sealed class StageWorker(Pipeline pipeline, ReproOptions options, TimeProvider time, StageRecorder recorder, ResourcePool pool, Action<PlanStep, ReproEvent> tell)
{
    private readonly Lock gate = new();
    private readonly Staleness staleness = new(pipeline, options);
    private readonly StageRunner runner = new(pipeline, options, time, pool);
    private readonly MissingData missing = new(pipeline, options);

    private Project Project => pipeline.Project;

    /// <summary>Whether there is anything to do; says so when there is not.</summary>
    public bool Look(PlanStep step, bool force)
    {
        var begun = time.GetTimestamp();
        lock (this.gate)
        {
            if (step.Pointer is { } tracked)
            {
                if (force || this.Project.Workspace.DigestOf(tracked.Target, tracked.Digest) is not { } now || now.Md5 != tracked.Digest?.Md5)
                    return true;
                this.Tell(step, ReproEventKind.DataUnchanged);
                return false;
            }

            if (step.Stage!.Frozen)
                this.Tell(step, ReproEventKind.Warning, $"stage: '{step.Name}' is frozen. Its dependencies are not going to be reproduced.");
            var changes = this.staleness.Of(step.Stage, options.AllowMissing);
            if (force || changes.Any || this.staleness.HasOtherParts(step.Stage))
                return true;
            if (options.Commit && !options.Dry)
                this.runner.Keep(step.Stage, changes.Uncached);
        }

        return this.Skip(step, begun);
    }

    /// <summary>Does it.</summary>
    /// <param name="step">Something that <see cref="Look"/> said has to be done.</param>
    /// <param name="force">Even if it turns out not to have changed.</param>
    /// <param name="never">Why its commands cannot run on this machine; an earlier run may still be reused.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Whether it was not up to date.</returns>
    public async Task<bool> WorkAsync(PlanStep step, bool force, string? never, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        if (step.Pointer is { } tracked)
            return await this.VerifyAsync(step, tracked, ct);
        var stage = step.Stage!;
        if (options.Dry)
            return this.SayWouldRun(step, stage, force, begun);
        using var held = await this.Project.Locks.TakeAsync(
            $"stage {this.Project.Shown(stage.Folder)}:{stage.Name}", holder => this.Tell(step, ReproEventKind.Waiting, $"process {holder}, which works on it"), ct);
        await this.OutliveAsync(step, held, ct);
        lock (this.gate)
        {
            // Whoever held the lock may have brought the stage up to date.
            pipeline.ReadLockAgain(stage);
            if (!force && !this.IsStale(stage, options.AllowMissing))
                return this.Skip(step, begun);
        }

        if (stage.Frozen)
            return this.VerifyFrozen(step, stage);
        if (!force && await this.FetchedAsItWasAsync(step, stage, ct))
            return this.Skip(step, begun);
        if (options.Fetching is not null)
            await this.missing.FetchDependenciesAsync(stage, ct);
        return await this.WorkAsync(step, stage, force, never, begun, held, ct);
    }

    private async Task<bool> WorkAsync(PlanStep step, Stage stage, bool force, string? never, long begun, FileLock held, CancellationToken ct)
    {
        bool always;
        LockedStage inputs;
        lock (this.gate)
        {
            always = this.staleness.Of(stage, lenient: false).Always;
            inputs = this.runner.Inputs(stage, lenient: false);
        }

        if (!force && !always && options.UseRunCache && await this.ReusableAsync(stage, inputs, ct) is var (run, found))
        {
            await Task.Run(() => this.runner.Restore(stage, run), ct);
            this.Tell(step, ReproEventKind.Reused, "", time.GetElapsedTime(begun));
            this.Record(step, stage, run, found);
            return true;
        }

        if (never is not null)
            throw new PipelineException($"stage `{stage.Address}` {never}");
        var (made, parts) = await this.runner.RunAsync(stage, inputs, held, happened => tell(step, happened), ct);
        this.Record(step, stage, made, parts);
        this.Tell(step, ReproEventKind.Ran, "", time.GetElapsedTime(begun));
        return true;
    }

    private void Record(PlanStep step, Stage stage, LockedStage run, RunKeyParts parts)
    {
        lock (this.gate)
        {
            foreach (var output in stage.Outputs)
                recorder.Ignore(output, step.Index);
            if (options.Commit)
                this.runner.Runs.Put(stage, run, parts);
            recorder.Record(stage, step.Index, run, parts, happened => tell(step, happened));
        }
    }

    private bool IsStale(Stage stage, bool lenient) => this.staleness.Of(stage, lenient).Any || this.staleness.HasOtherParts(stage);

    private bool Skip(PlanStep step, long begun)
    {
        this.Tell(step, ReproEventKind.Unchanged, "", time.GetElapsedTime(begun));
        return false;
    }

    private void Tell(PlanStep step, ReproEventKind kind, string text = "", TimeSpan elapsed = default) => tell(step, new ReproEvent(step.Name, kind, text, elapsed));

    // A process that was killed could not end its command, which may still be writing the outputs.
    private async Task OutliveAsync(PlanStep step, FileLock held, CancellationToken ct)
    {
        if (held.LeftChild is not var (id, started) || !CommandRunner.Lives(id, started))
            return;
        held.Record(id, started);
        this.Tell(step, ReproEventKind.Waiting, $"its command, process {id}, left running by an mlops that was killed");
        while (CommandRunner.Lives(id, started))
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, ct);
        held.Forget();
    }

    private bool SayWouldRun(PlanStep step, Stage stage, bool force, long begun)
    {
        lock (this.gate)
        {
            if (stage.Frozen)
                return true;
            var always = this.staleness.Of(stage, lenient: false).Always;
            var inputs = this.runner.Inputs(stage, lenient: true);
            if (!force && !always && options.UseRunCache && this.Reusable(stage, inputs, this.runner.Keys(stage)) is not null)
            {
                this.Tell(step, ReproEventKind.Reused, "", time.GetElapsedTime(begun));
                return true;
            }
        }

        this.Tell(step, ReproEventKind.Running, string.Join('\n', stage.Commands));
        foreach (var command in CommandRunner.CommandsOf(stage))
            this.Tell(step, ReproEventKind.Command, command);
        return true;
    }

    private async Task<(LockedStage Run, RunKeyParts Parts)?> ReusableAsync(Stage stage, LockedStage inputs, CancellationToken ct)
    {
        var keys = this.runner.Keys(stage);
        if (this.Reusable(stage, inputs, keys) is { } here)
            return here;
        foreach (var parts in options.Fetching is null || !stage.CanReuseRuns ? [] : keys)
        {
            await options.Fetching!.FetchRunsAsync(RunCache.FolderKeyOf(stage, inputs, parts), ct);
            foreach (var run in this.runner.Runs.Candidates(stage, inputs, parts))
            {
                if (await this.missing.FetchAsync(stage, run.Outputs, ct) && this.runner.Runs.IsWhole(run))
                    return (inputs with { Outputs = run.Outputs }, parts);
            }
        }

        return null;
    }

    private (LockedStage Run, RunKeyParts Parts)? Reusable(Stage stage, LockedStage inputs, IReadOnlyList<RunKeyParts> keys)
    {
        lock (this.gate)
        {
            var changes = this.staleness.Of(stage, lenient: false);
            var locked = pipeline.LockOf(stage)[stage.Name];
            if (!changes.NeedsRun && locked is not null && !this.staleness.HasOtherParts(stage) && stage.Outputs.All(o => locked.Outputs.Any(l => l.Path == o.Path && this.Project.Cache.HasAll(l.Digest.Md5))))
                return (locked, keys.Count > 0 ? keys[0] : RunKeyParts.None);
        }

        foreach (var parts in keys)
        {
            if (this.runner.Runs.Candidates(stage, inputs, parts).FirstOrDefault(this.runner.Runs.IsWhole) is { } run)
                return (inputs with { Outputs = run.Outputs }, parts);
        }

        return null;
    }

    // Only data is missing, and the remote has it: no need to run.
    private async Task<bool> FetchedAsItWasAsync(PlanStep step, Stage stage, CancellationToken ct)
    {
        LockedStage? locked;
        lock (this.gate)
        {
            locked = pipeline.LockOf(stage)[stage.Name];
            if (options.Fetching is null || locked is null || this.IsStale(stage, lenient: true))
                return false;
        }

        this.Tell(step, ReproEventKind.Fetching, $"Pulling data for stage: '{stage.Address}'");
        if (!await this.missing.FetchAsync(stage, locked.Outputs, ct) || !stage.Outputs.All(o => locked.Outputs.Any(l => l.Path == o.Path && (!o.Cache || this.Project.Cache.HasAll(l.Digest.Md5)))))
            return false;
        await Task.Run(() => this.runner.Restore(stage, locked), ct);
        return true;
    }

    private bool VerifyFrozen(PlanStep step, Stage stage)
    {
        this.Tell(step, ReproEventKind.Verified, "outputs in frozen stage");
        foreach (var output in stage.Outputs.Where(o => !Path.Exists(o.FullPath)))
            throw new PipelineException($"failed to reproduce '{stage.Address}': missing data 'source': {output.Path}; the stage is frozen, so nothing makes it: `mlops checkout` may have it, or `mlops unfreeze` the stage");
        LockedStage run;
        lock (this.gate)
            run = (pipeline.LockOf(stage)[stage.Name] ?? this.runner.Inputs(stage, lenient: true)) with { Outputs = this.runner.Save(stage, all: false) };
        this.Record(step, stage, run, RunKeyParts.None);
        return true;
    }

    // Data that people change by hand: the pointer follows. Data that is not there, but in the cache, is put back.
    private async Task<bool> VerifyAsync(PlanStep step, PointerFile tracked, CancellationToken ct)
    {
        if (options.Dry)
            return true;
        var lies = Path.Exists(tracked.Target);
        if (!lies && options.AllowMissing && tracked.Digest is not null)
        {
            this.Tell(step, ReproEventKind.DataUnchanged);
            return false;
        }

        if (lies)
        {
            this.Tell(step, ReproEventKind.Verified, "data sources in stage");
            var digest = await Task.Run(() => this.Project.Workspace.Save(tracked.Target, tracked.Digest), ct);
            lock (this.gate)
                recorder.Write(tracked, digest);
            return true;
        }

        if (tracked.Digest is null || !(this.Project.Cache.HasAll(tracked.Digest.Md5) || await this.missing.FetchAsync([new TrackedOutput(tracked.Target, tracked.Digest, tracked.Remote, tracked.Push)], ct)))
            throw new PipelineException($"failed to reproduce '{step.Name}': missing data 'source': {this.Project.Shown(tracked.Target)}; get it with `mlops pull`");
        await Task.Run(() => this.Project.Workspace.Restore(tracked.Target, tracked.Digest), ct);
        this.Tell(step, ReproEventKind.Verified, "data sources in stage");
        return true;
    }
}
