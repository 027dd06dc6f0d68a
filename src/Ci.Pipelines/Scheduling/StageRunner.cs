using Ci.Data;

namespace Ci.Pipelines.Scheduling;

/// <summary>Runs a stage's commands with what they need around them, and takes what they made.</summary>
internal sealed class StageRunner(Pipeline pipeline, ReproOptions options, TimeProvider time, ResourcePool pool)
{
    private const string Cpu = "cpu";

    private readonly GpuLeases leases = new(options.Environment, time);
    private readonly StageLogs logs = new(pipeline.Project, time);

    public RunCache Runs { get; } = new(pipeline.Project);

    /// <summary>What decides the result beside DVC's key: on a machine with several kinds of GPU, several.</summary>
    public IReadOnlyList<RunKeyParts> Keys(Stage stage)
    {
        if (!stage.Needs.KeyedByAccelerator)
            return [RunKeyParts.Of(stage, options.Environment, "")];
        string[] classes = options.Accelerator is { } named ? [named] : stage.Needs.Gpus == 0 ? [Cpu] : [.. (pool.Gpus ?? []).Select(g => g.Name).Distinct(StringComparer.Ordinal)];
        return [.. classes.Select(c => RunKeyParts.Of(stage, options.Environment, c))];
    }

    /// <summary>Command, dependencies and parameters as they are now.</summary>
    /// <exception cref="PipelineException">Something is missing, and <paramref name="lenient"/> is false.</exception>
    public LockedStage Inputs(Stage stage, bool lenient)
    {
        var locked = pipeline.LockOf(stage)[stage.Name];
        var dependencies = new List<LockedFile>();
        foreach (var (path, full) in stage.Dependencies)
        {
            if (pipeline.Project.Workspace.DigestOf(full, locked?.DependencyOf(path)) is { } digest)
                dependencies.Add(new LockedFile(path, digest));
            else if (!lenient)
                throw new PipelineException($"failed to reproduce '{stage.Address}': dependency `{path}` does not exist{this.Advice(full)}");
        }

        return new LockedStage(StageInputs.Command(stage), dependencies, StageInputs.Parameters(pipeline.ParameterFiles, stage), []);
    }

    /// <summary>Puts the outputs of an earlier run into the workspace.</summary>
    public void Restore(Stage stage, LockedStage run)
    {
        foreach (var output in stage.Outputs)
        {
            if (run.OutputOf(output.Path) is { } digest && (output.Cache || pipeline.Project.Cache.HasAll(digest.Md5)))
                pipeline.Project.Workspace.Restore(output.FullPath, digest, force: true);
        }
    }

    /// <summary>Runs the commands.</summary>
    /// <returns>What it read and made, and under what.</returns>
    public async Task<(LockedStage Run, RunKeyParts Parts)> RunAsync(Stage stage, LockedStage inputs, FileLock held, Action<ReproEvent> tell, CancellationToken ct)
    {
        using var lease = stage.Needs.Gpus == 0 ? null : await this.leases.TakeAsync(
            pool.Gpus ?? [], stage.Needs.Gpus, what => tell(new ReproEvent(stage.Address, ReproEventKind.Waiting, what)), ct);
        tell(new ReproEvent(stage.Address, ReproEventKind.Running, string.Join('\n', stage.Commands)));
        foreach (var output in stage.Outputs.Where(o => !o.Persist))
            pipeline.Project.Workspace.Remove(output.FullPath);
        using (var log = this.logs.Begin(stage))
        {
            var runner = new CommandRunner(
                options, time, command => tell(new ReproEvent(stage.Address, ReproEventKind.Command, command)),
                (line, isError) => tell(new ReproEvent(stage.Address, ReproEventKind.Line, line) { IsError = isError }))
            {
                Extra = lease is null ? new Dictionary<string, string>(StringComparer.Ordinal) : new(StringComparer.Ordinal) { ["CUDA_VISIBLE_DEVICES"] = lease.Visible },
            };
            await runner.RunAsync(stage, pipeline.Project.Root, process => Note(held, lease, process), log, ct);
        }

        var accelerator = lease is null ? Cpu : string.Join(" + ", lease.Devices.Select(d => d.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return (inputs with { Outputs = this.Save(stage, RunCache.Keeps(stage)) }, RunKeyParts.Of(stage, options.Environment, accelerator));
    }

    /// <summary>Takes the outputs as they lie there into the cache: those that belong there, or all, so that the run can be reused.</summary>
    public IReadOnlyList<LockedFile> Save(Stage stage, bool all)
    {
        var locked = pipeline.LockOf(stage)[stage.Name];
        var outputs = new List<LockedFile>();
        foreach (var output in stage.Outputs)
        {
            if (!Path.Exists(output.FullPath))
                throw NotMade(stage, output);
            var then = locked?.OutputOf(output.Path);
            var isKept = options.Commit && (output.Cache || all);
            outputs.Add(new LockedFile(output.Path, isKept ? pipeline.Project.Workspace.Save(output.FullPath, then) : pipeline.Project.Workspace.DigestOf(output.FullPath, then) ?? throw NotMade(stage, output)));
        }

        return outputs;
    }

    /// <summary>Takes outputs that are as the lock says into the cache, which lost them.</summary>
    public void Keep(Stage stage, IReadOnlyList<string> outputs)
    {
        foreach (var output in stage.Outputs.Where(o => outputs.Contains(o.Path, StringComparer.Ordinal)))
            pipeline.Project.Workspace.Save(output.FullPath, pipeline.LockOf(stage)[stage.Name]?.OutputOf(output.Path));
    }

    private static PipelineException NotMade(Stage stage, Output output) =>
        new($"failed to reproduce '{stage.Address}': its command succeeded, but output `{output.Path}` does not exist; correct the command or the path in {PipelineFile.Name}");

    private static void Note(FileLock held, GpuLease? lease, (int Id, DateTimeOffset Started)? process)
    {
        lease?.Record(process);
        if (process is var (id, started))
            held.Record(id, started);
        else
            held.Forget();
    }

    private string Advice(string path) =>
        pipeline.Stages.FirstOrDefault(s => s.Outputs.Any(o => o.FullPath == path)) is { } maker ? $"; it is made by stage `{maker.Address}`: run that first" : "";
}
