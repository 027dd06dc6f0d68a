using System.Runtime.ExceptionServices;

namespace Ci.Pipelines.Scheduling;

/// <summary>
/// Goes through a plan: whatever has all it needs may begin, as many at once as jobs and resources allow, those on the longest way
/// first. With one job it goes in the plan's order.
/// </summary>
internal sealed class StageScheduler(IReadOnlyList<PlanStep> plan, ReproOptions options, TimeProvider time, ResourcePool pool, StageWorker worker, EventOrder events)
{
    private readonly int[] open = [.. plan.Select(s => s.Needs.Count)];
    private readonly bool[] changed = new bool[plan.Count];
    private readonly bool[] forced = new bool[plan.Count];
    private readonly bool[] skipped = new bool[plan.Count];
    private readonly PriorityQueue<PlanStep, (int, int)> ready = new();
    private readonly SortedSet<(int Length, int Index)> waiting = [];
    private readonly HashSet<int> toldToWait = [];
    private readonly Dictionary<Task<bool>, PlanStep> running = [];
    private readonly SortedDictionary<int, Exception> failures = [];

    private bool Stopped => this.failures.Count > 0 && options.OnFailure == OnFailure.Stop;

    /// <summary>Runs it to its end.</summary>
    /// <returns>Whether anything was not up to date.</returns>
    /// <exception cref="PipelineException">Steps failed; what ran beside them is recorded.</exception>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        foreach (var step in plan.Where(s => s.Needs.Count == 0))
            this.MakeReady(step);
        for (;;)
        {
            if (!ct.IsCancellationRequested)
                await this.BeginAsync(ct);
            if (this.running.Count == 0)
                break;
            var ended = await Task.WhenAny(this.running.Keys);
            var step = this.running[ended];
            this.running.Remove(ended);
            pool.GiveBack(step);
            await this.EndAsync(step, ended, ct);
        }

        ct.ThrowIfCancellationRequested();
        events.EndAll();
        if (options.OnFailure != OnFailure.Ignore)
            this.ThrowFailures();
        return this.changed.Contains(true);
    }

    private void MakeReady(PlanStep step) => this.ready.Enqueue(step, options.Jobs == 1 ? (0, step.Index) : (-step.Length, step.Index));

    private async Task BeginAsync(CancellationToken ct)
    {
        await this.StartAsync(ct);
        while (!this.Stopped && !ct.IsCancellationRequested && (options.Jobs > 1 || this.running.Count == 0) && this.ready.TryDequeue(out var step, out _))
        {
            if (this.skipped[step.Index])
                continue;
            try
            {
                this.forced[step.Index] = options.Force || (options.ForceDownstream && !options.SingleItem && step.Needs.Any(n => this.changed[n] || this.forced[n]));
                if (worker.Look(step, this.forced[step.Index]))
                {
                    this.waiting.Add((-step.Length, step.Index));
                    await this.StartAsync(ct);
                }
                else
                    this.Finish(step, isChanged: false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                this.Fail(step, error);
            }
        }
    }

    private async Task StartAsync(CancellationToken ct)
    {
        foreach (var (_, index) in this.waiting.ToList())
        {
            if (this.Stopped || this.running.Count >= options.Jobs || ct.IsCancellationRequested)
                return;
            var needs = plan[index].Stage?.Needs ?? StageNeeds.None;
            if (needs.Gpus > 0 && !options.Dry && pool.Gpus is null && !await this.ReadGpusAsync(plan[index], ct))
                continue;
            var never = options.Dry ? null : pool.Never(needs);
            if (never is null && !options.Dry && !pool.TryTake(plan[index], needs))
            {
                if (this.toldToWait.Add(index))
                    events.Tell(plan[index], new ReproEvent(plan[index].Name, ReproEventKind.Waiting, pool.Lacks(needs)!));
                continue;
            }

            this.waiting.Remove((-plan[index].Length, index));
            this.running.Add(worker.WorkAsync(plan[index], this.forced[index], never, ct), plan[index]);
        }
    }

    private async Task<bool> ReadGpusAsync(PlanStep step, CancellationToken ct)
    {
        try
        {
            pool.Gpus = await GpuList.ReadAsync(options.Environment, time, ct);
            return true;
        }
        catch (PipelineException error)
        {
            this.waiting.Remove((-step.Length, step.Index));
            this.Fail(step, error);
            return false;
        }
    }

    private async Task EndAsync(PlanStep step, Task<bool> ended, CancellationToken ct)
    {
        try
        {
            this.Finish(step, await ended);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            events.End(step);
        }
        catch (Exception error)
        {
            this.Fail(step, error);
        }
    }

    private void Finish(PlanStep step, bool isChanged)
    {
        this.changed[step.Index] = isChanged;
        events.End(step);
        foreach (var next in step.Dependents)
        {
            if (--this.open[next] == 0 && !this.skipped[next])
                this.MakeReady(plan[next]);
        }
    }

    private void Fail(PlanStep step, Exception error)
    {
        this.failures.Add(step.Index, error);
        events.Tell(step, new ReproEvent(step.Name, ReproEventKind.Failed, error.Message));
        if (options.OnFailure == OnFailure.Ignore)
        {
            this.Finish(step, isChanged: true);
            return;
        }

        if (options.OnFailure == OnFailure.KeepGoing)
            this.Skip(step);
        events.End(step);
    }

    private void Skip(PlanStep failed)
    {
        foreach (var lost in Topology.Reach(failed.Dependents, i => plan[i].Dependents).Where(i => !this.skipped[i]).Order())
        {
            this.skipped[lost] = true;
            events.Tell(failed, new ReproEvent(plan[lost].Name, ReproEventKind.Skipped, failed.Name));
            events.End(plan[lost]);
        }
    }

    private void ThrowFailures()
    {
        if (this.failures.Count == 0)
            return;
        if (options.OnFailure == OnFailure.Stop && this.failures.Count == 1)
            ExceptionDispatchInfo.Throw(this.failures.Values.First());
        if (options.OnFailure == OnFailure.Stop)
            throw new PipelineException(string.Join('\n', this.failures.Values.Select(f => f.Message)));
        var names = this.failures.Keys.Select(i => $"'{plan[i].Name}'").ToList();
        throw new PipelineException(names.Count == 1 ? $"failed to reproduce {names[0]}" : $"failed to reproduce stages: {string.Join(", ", names.SkipLast(1))} and {names[^1]}");
    }
}
