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
    private readonly int[] ranks = Ranks(plan, options);
    private readonly List<PlanStep> ready = [];
    private readonly List<PlanStep> waiting = [];
    private readonly HashSet<int> toldToWait = [];
    // A list, because tasks that ended at once may be one and the same object.
    private readonly List<(Task<bool> Work, PlanStep Step)> running = [];
    private readonly Exception?[] failures = new Exception?[plan.Count];
    private bool hasFailed;

    private bool Stopped => this.hasFailed && options.OnFailure == OnFailure.Stop;

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
            await Task.WhenAny(this.running.Select(r => r.Work));
            var place = this.running.FindIndex(r => r.Work.IsCompleted);
            var (ended, step) = this.running[place];
            this.running.RemoveAt(place);
            pool.GiveBack(step);
            await this.EndAsync(step, ended, ct);
        }

        ct.ThrowIfCancellationRequested();
        events.EndAll();
        if (options.OnFailure != OnFailure.Ignore)
            this.ThrowFailures();
        return this.changed.Contains(true);
    }

    // What lies on a long way comes first; with one job, what stands first in the plan.
    private static int[] Ranks(IReadOnlyList<PlanStep> plan, ReproOptions options)
    {
        var places = new int[plan.Count];
        for (var i = 0; i < places.Length; i++)
            places[i] = i;
        if (options.Jobs == 1 || plan.Count == 0)
            return places;
        // Counted by length, the longest first, instead of sorted: a way is at most as long as there are stages.
        var starts = new int[plan.Max(step => step.Length) + 2];
        foreach (var step in plan)
            starts[starts.Length - 1 - step.Length]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
        for (var i = 0; i < places.Length; i++)
            places[i] = starts[starts.Length - 2 - plan[i].Length]++;
        return places;
    }

    private void MakeReady(PlanStep step) => this.Insert(this.ready, step, lastFirst: true);

    private void Insert(List<PlanStep> steps, PlanStep step, bool lastFirst)
    {
        var (low, high) = (0, steps.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this.ranks[steps[middle].Index] > this.ranks[step.Index] == lastFirst)
                low = middle + 1;
            else
                high = middle;
        }

        steps.Insert(low, step);
    }

    private PlanStep? NextReady()
    {
        if (this.ready.Count == 0)
            return null;
        var next = this.ready[^1];
        this.ready.RemoveAt(this.ready.Count - 1);
        return next;
    }

    private async Task BeginAsync(CancellationToken ct)
    {
        await this.StartAsync(ct);
        while (!this.Stopped && !ct.IsCancellationRequested && (options.Jobs > 1 || this.running.Count == 0) && this.NextReady() is { } step)
        {
            if (this.skipped[step.Index])
                continue;
            try
            {
                this.forced[step.Index] = options.Force || (options.ForceDownstream && !options.SingleItem && step.Needs.Any(n => this.changed[n] || this.forced[n]));
                if (worker.Look(step, this.forced[step.Index]))
                {
                    this.Insert(this.waiting, step, lastFirst: false);
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
        for (var i = 0; i < this.waiting.Count;)
        {
            if (this.Stopped || this.running.Count >= options.Jobs || ct.IsCancellationRequested)
                return;
            var step = this.waiting[i];
            var needs = step.Stage?.Needs ?? StageNeeds.None;
            if (needs.Gpus > 0 && !options.Dry && !options.ReuseOnly && pool.Gpus is null && !await this.ReadGpusAsync(step, ct))
                continue;
            var never = options.Dry ? null : options.ReuseOnly ? "has no recorded run with these inputs" : pool.Never(needs);
            if (never is null && !options.Dry && !pool.TryTake(step, needs))
            {
                if (this.toldToWait.Add(step.Index))
                    events.Tell(step, new ReproEvent(step.Name, ReproEventKind.Waiting, pool.Lacks(needs)!));
                i++;
                continue;
            }

            this.waiting.RemoveAt(i);
            this.running.Add((worker.WorkAsync(step, this.forced[step.Index], never, ct), step));
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
            this.waiting.Remove(step);
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
        this.failures[step.Index] = error;
        this.hasFailed = true;
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
        var failed = plan.Where(s => this.failures[s.Index] is not null).ToList();
        if (failed.Count == 0)
            return;
        if (options.OnFailure == OnFailure.Stop && failed.Count == 1)
            ExceptionDispatchInfo.Throw(this.failures[failed[0].Index]!);
        if (options.OnFailure == OnFailure.Stop)
            throw new PipelineException(string.Join('\n', failed.Select(s => this.failures[s.Index]!.Message)));
        var names = failed.Select(s => $"'{s.Name}'").ToList();
        throw new PipelineException(names.Count == 1 ? $"failed to reproduce {names[0]}" : $"failed to reproduce stages: {string.Join(", ", names.SkipLast(1))} and {names[^1]}");
    }
}
