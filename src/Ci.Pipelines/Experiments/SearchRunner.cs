using System.Collections.Concurrent;
using System.Globalization;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// Runs the trials of a plan beside each other. With halving: rung by rung, all trials of a rung before the next one begins, so that the outcome
/// does not depend on who was faster. A trial that is recorded already is not run again, so a search that was interrupted goes on.
/// </summary>
public sealed class SearchRunner(ExperimentWorkspace home, TrialRunner runner, SearchRequest request, Action<string> note)
{
    private readonly ConcurrentDictionary<int, Experiment> recorded = new();
    private readonly PlannedTrials trials = new(home, runner, request, note);

    private ExperimentPlan Plan => request.Plan;

    /// <summary>Runs everything that is not recorded yet.</summary>
    /// <returns>Every trial of the plan with its experiment, in the plan's order.</returns>
    public async Task<IReadOnlyList<Experiment>> RunAsync(CancellationToken ct = default)
    {
        foreach (var known in (await home.Store.OfAsync([request.Base], ct)).Where(e => e.Record?.Plan?.Id == request.PlanId && e.Status != ExperimentStatus.Failed))
            this.recorded[known.Record!.Plan!.Value.Trial] = known;
        if (this.Plan.Halving is { } halving)
            await this.HalveAsync(halving, ct);
        else
            await this.AllAsync([.. Enumerable.Range(0, this.Plan.Trials.Count).Where(t => !this.recorded.ContainsKey(t))], 0, ct);
        return [.. this.recorded.OrderBy(r => r.Key).Select(r => r.Value)];
    }

    private async Task HalveAsync(Halving halving, CancellationToken ct)
    {
        var goal = this.Plan.Goal ?? throw new PipelineException("halving needs the metric that decides: --metric FILE:KEY with --minimize or --maximize");
        List<int> alive = [.. Enumerable.Range(0, this.Plan.Trials.Count)];
        for (var rung = 0; rung < halving.Budgets.Count; rung++)
        {
            await this.AllAsync([.. alive.Where(t => this.RungsOf(t).Count <= rung)], rung, ct);
            if (rung == halving.Budgets.Count - 1)
                return;
            var next = halving.GoOn([.. alive.Select(t => (t, this.RungsOf(t).ElementAtOrDefault(rung)?.Value))], goal);
            foreach (var trial in alive.Except(next).Where(t => this.recorded.GetValueOrDefault(t) is { Status: ExperimentStatus.Done }))
                this.recorded[trial] = await this.trials.StopAsync(this.recorded[trial], this.Reason(halving, goal, trial, rung, alive.Count, next.Count), ct);
            alive = [.. next];
        }
    }

    private IReadOnlyList<RungResult> RungsOf(int trial) => this.recorded.GetValueOrDefault(trial)?.Record?.Rungs ?? [];

    private string Reason(Halving halving, MetricGoal goal, int trial, int rung, int of, int kept)
    {
        var value = this.RungsOf(trial).ElementAtOrDefault(rung)?.Value?.ToString("G6", CultureInfo.InvariantCulture) ?? "none";
        return $"not among the best {kept} of {of} at {halving.Key}={halving.Budgets[rung].ToString(CultureInfo.InvariantCulture)} ({goal.Metric} {value})";
    }

    private async Task AllAsync(List<int> chosen, int rung, CancellationToken ct)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, request.Jobs), CancellationToken = ct };
        await Parallel.ForEachAsync(chosen, parallel, async (trial, token) => this.recorded[trial] = await this.trials.RunAsync(trial, rung, this.RungsOf(trial), token));
    }
}
