using Ci.Data;
using Ci.Pipelines.Scheduling;

namespace Ci.Pipelines;

/// <summary>
/// Brings a pipeline up to date: what has not changed is skipped, what ran before with the same inputs is put back, the rest is run,
/// several stages at the same time. The lock is written after each stage, so that ending at any moment loses at most the stages that
/// were running.
/// </summary>
/// <param name="pipeline">What to run.</param>
/// <param name="options">How.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Told what happens, in the plan's order and one event at a time, from any thread: as if one stage ran after the other.</param>
public sealed class Reproducer(Pipeline pipeline, ReproOptions options, TimeProvider time, Action<ReproEvent> tell)
{
    private readonly StageRecorder recorder = new(pipeline);

    private Project Project => pipeline.Project;

    /// <summary>Told what happens at once, from whichever stage; one event at a time.</summary>
    public Action<ReproEvent>? Live { get; init; }

    /// <summary>Told the names of all steps before the first begins.</summary>
    public Action<IReadOnlyList<string>>? Planned { get; init; }

    /// <summary>Files that the run changed and that belong into Git, by path from the project's root.</summary>
    public IReadOnlyList<string> ChangedFiles => this.recorder.ChangedFiles;

    /// <summary>Runs it.</summary>
    /// <returns>Whether anything was not up to date.</returns>
    /// <exception cref="StageFailedException">A command failed; the stages before it and beside it are recorded.</exception>
    public async Task<bool> RunAsync(CancellationToken ct = default)
    {
        if (options.Jobs < 1)
            throw new PipelineException($"at least one stage at a time must run, and not {options.Jobs}");
        var plan = ReproPlan.Of(pipeline, options);
        this.Planned?.Invoke([.. plan.Select(s => s.Name)]);
        var events = new EventOrder(plan, tell, this.Live);
        var pool = ResourcePool.OfThisMachine();
        var worker = new StageWorker(pipeline, options, time, this.recorder, pool, events.Tell);
        try
        {
            return await new StageScheduler(plan, options, time, pool, worker, events).RunAsync(ct);
        }
        finally
        {
            events.EndAll();
            this.Project.SaveState();
        }
    }
}
