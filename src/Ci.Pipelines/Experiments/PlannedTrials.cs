namespace Ci.Pipelines.Experiments;

/// <summary>Runs single trials of a plan, each in a folder of its own.</summary>
public sealed class PlannedTrials(ExperimentWorkspace home, TrialRunner runner, SearchRequest request, Action<string> note)
{
    private ExperimentPlan Plan => request.Plan;

    /// <summary>Runs a trial, of a search that stops early with the budget of a rung.</summary>
    /// <param name="trial">Its place in the plan.</param>
    /// <param name="rung">From 0; 0 where there is no halving.</param>
    /// <param name="before">What smaller budgets gave.</param>
    /// <param name="ct">Ends it; nothing is recorded then.</param>
    /// <returns>What was recorded; with halving, this rung's result is the last.</returns>
    public async Task<Experiment> RunAsync(int trial, int rung, IReadOnlyList<RungResult> before, CancellationToken ct = default)
    {
        var planned = this.Plan.Trials[trial];
        var set = this.Plan.Halving is { } halving ? [.. planned.Set, halving.Of(rung)] : planned.Set;
        var tree = await home.WithParametersAsync(request.Tree, set, note, ct);
        var commit = await home.Git.CommitTreeAsync(tree, [request.Base], $"mlops: what {planned.Name} begins with\n", ct);
        var trialRequest = new TrialRequest
        {
            Name = planned.Name,
            Base = request.Base,
            Set = set,
            Message = request.Message,
            Replace = true,
            Plan = (request.PlanId, trial),
            Rungs = before,
            Repro = request.Repro with { Targets = this.Plan.Targets },
        };
        var result = await runner.InFolderAsync(trialRequest, commit, request.Copy, ct);
        if (result.Error is { } error)
            note($"{planned.Name} failed: {error.Message.Split('\n')[0]}; its output: {runner.LogOf(planned.Name)}");
        return this.Plan.Halving is { } budgets ? await this.WithRungAsync(result.Experiment, budgets.Budgets[rung], ct) : result.Experiment;
    }

    /// <summary>Records that a trial does not go on.</summary>
    public async Task<Experiment> StopAsync(Experiment experiment, string reason, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        note($"{experiment.Ref.Name} stopped: {reason}");
        return await this.AgainAsync(experiment, experiment.Record! with { Status = ExperimentStatus.Stopped, Reason = reason }, ct);
    }

    private async Task<Experiment> WithRungAsync(Experiment experiment, long budget, CancellationToken ct)
    {
        var record = experiment.Record!;
        var value = record.Status == ExperimentStatus.Failed ? null : ExperimentValues.NumberOf(record.Metrics, this.Plan.Goal!.Metric);
        if (value is null && record.Status != ExperimentStatus.Failed)
            note($"{record.Name} wrote no number `{this.Plan.Goal!.Metric}`, so it cannot go on; files of metrics: {(record.Metrics.Count == 0 ? "none" : string.Join(", ", record.Metrics.Keys))}");
        return await this.AgainAsync(experiment, record with { Rungs = [.. record.Rungs, new RungResult(budget, value)] }, ct);
    }

    private async Task<Experiment> AgainAsync(Experiment experiment, ExperimentRecord record, CancellationToken ct) =>
        await home.Store.SaveAsync(await home.Git.TreeOfAsync(experiment.Commit, ct), record, request.Message, true, ct);
}
