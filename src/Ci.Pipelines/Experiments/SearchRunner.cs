using System.Globalization;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// Runs the trials of a plan beside each other. With halving: rung by rung, all trials of a rung before the next one begins, so that the outcome
/// does not depend on who was faster. A trial that is recorded already is not run again, so a search that was interrupted goes on.
/// </summary>
public sealed class SearchRunner(ExperimentWorkspace home, TrialRunner runner, SearchRequest request, Action<string> note)
{
    private readonly Dictionary<int, Experiment> recorded = [];
    private readonly Dictionary<int, IReadOnlyList<RungResult>> rungs = [];

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
            foreach (var trial in alive.Where(this.recorded.ContainsKey))
                this.rungs[trial] = this.recorded[trial].Record!.Rungs;
            await this.AllAsync([.. alive.Where(t => this.RungsOf(t).Count <= rung)], rung, ct);
            if (rung == halving.Budgets.Count - 1)
                return;
            var values = alive.Select(t => (Trial: t, this.RungsOf(t).ElementAtOrDefault(rung)?.Value)).ToList();
            var next = halving.GoOn(values, goal);
            await this.StopAsync(halving, [.. alive.Except(next)], rung, alive.Count, next.Count, ct);
            alive = [.. next];
        }
    }

    private IReadOnlyList<RungResult> RungsOf(int trial) => this.rungs.GetValueOrDefault(trial) ?? [];

    private async Task AllAsync(List<int> trials, int rung, CancellationToken ct)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, request.Jobs), CancellationToken = ct };
        await Parallel.ForEachAsync(trials, parallel, async (trial, token) => await this.OneAsync(trial, rung, token));
    }

    private async Task OneAsync(int trial, int rung, CancellationToken ct)
    {
        var planned = this.Plan.Trials[trial];
        var set = this.Plan.Halving is { } halving ? [.. planned.Set, halving.Of(rung)] : planned.Set;
        var tree = await home.WithParametersAsync(request.Tree, set, note, ct);
        var commit = await home.Git.CommitTreeAsync(tree, [request.Base], $"mlops: what {planned.Name} begins with\n", ct);
        var before = this.Plan.Halving is null ? [] : this.RungsOf(trial);
        var result = await runner.InFolderAsync(
            new TrialRequest { Name = planned.Name, Base = request.Base, Set = set, Message = request.Message, Replace = true, Plan = (request.PlanId, trial), Rungs = before, Repro = request.Repro }, commit, request.Copy, ct);
        if (result.Error is not null)
            note($"{planned.Name} failed: {FirstLine(result.Error.Message)}; its output: {runner.LogOf(planned.Name)}");
        var experiment = result.Experiment;
        if (this.Plan.Halving is { } budgets)
            experiment = await this.WithRungAsync(trial, experiment, new RungResult(budgets.Budgets[rung], this.ValueOf(result.Record)), ct);
        lock (this.recorded)
            this.recorded[trial] = experiment;
    }

    private async Task<Experiment> WithRungAsync(int trial, Experiment experiment, RungResult reached, CancellationToken ct)
    {
        IReadOnlyList<RungResult> all = [.. experiment.Record!.Rungs, reached];
        lock (this.recorded)
            this.rungs[trial] = all;
        return experiment.Status == ExperimentStatus.Failed
            ? experiment
            : await home.Store.SaveAsync(await home.Git.TreeOfAsync(experiment.Commit, ct), experiment.Record with { Rungs = all }, request.Message, true, ct);
    }

    private double? ValueOf(ExperimentRecord record)
    {
        var value = record.Status == ExperimentStatus.Failed ? null : ExperimentValues.NumberOf(record.Metrics, this.Plan.Goal!.Metric);
        if (value is null && record.Status != ExperimentStatus.Failed)
            note($"{record.Name}: wrote no metric `{this.Plan.Goal!.Metric}`, so it cannot go on; metrics are {string.Join(", ", record.Metrics.Keys)}");
        return value;
    }

    private async Task StopAsync(Halving halving, List<int> stopped, int rung, int of, int kept, CancellationToken ct)
    {
        var budget = halving.Budgets[rung].ToString(CultureInfo.InvariantCulture);
        foreach (var trial in stopped.Where(t => this.recorded.GetValueOrDefault(t) is { Status: ExperimentStatus.Done }))
        {
            var experiment = this.recorded[trial];
            var value = this.RungsOf(trial).ElementAtOrDefault(rung)?.Value?.ToString("G6", CultureInfo.InvariantCulture) ?? "none";
            var reason = $"not among the best {kept} of {of} at {halving.Key}={budget} ({this.Plan.Goal!.Metric} {value})";
            note($"{experiment.Ref.Name} stopped: {reason}");
            this.recorded[trial] = await home.Store.SaveAsync(await home.Git.TreeOfAsync(experiment.Commit, ct), experiment.Record! with { Status = ExperimentStatus.Stopped, Reason = reason }, request.Message, true, ct);
        }
    }

    private static string FirstLine(string text) => text.Split('\n')[0];
}
