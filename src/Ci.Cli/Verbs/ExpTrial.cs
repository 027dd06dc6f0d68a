using System.Globalization;
using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Experiments;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp run --trial K</c>: one trial of a plan on a runner of its own; everything it shares with others lies on the remote.</summary>
internal sealed class ExpTrial(CliContext context, ExperimentWorkspace home, ExpRun run, string? remote)
{
    public async Task<int> RunAsync(string file, int number, CancellationToken ct)
    {
        var plan = ReadPlan(context, file);
        if (number < 0 || number >= plan.Trials.Count)
            throw new CliException($"{file} has trials 0 to {plan.Trials.Count - 1}, and no {number}", ExitCode.Usage);
        var head = await home.HeadAsync(ct);
        var id = plan.IdAt(head);
        var store = this.Store();
        var results = store is null ? null : new ExpResults(home, store, id);
        if (results is not null && !run.Repro.Force && (await results.ReadAsync(ct)).GetValueOrDefault(number) is { IsFinal: true, Record: { Status: not ExperimentStatus.Failed } done })
        {
            context.Line($"Trial {number} ({done.Name}) is on {results.Where} already; --force runs it again.");
            return ExitCode.Ok;
        }

        if (await home.Git.IsDirtyAsync(ct))
            run.Note("changes that are not committed are no part of a planned trial: every runner must run the same");
        var request = new SearchRequest { Plan = plan, PlanId = id, Base = head, Tree = await home.Git.TreeOfAsync(head, ct), Copy = run.Copy, Message = run.Message, Repro = run.Repro };
        var runs = this.RunCacheFiles();
        var experiment = await this.AllRungsAsync(new PlannedTrials(home, run.Runner, request, run.Note), plan, number, results, ct);
        if (store is not null)
        {
            await ExpData.PushAsync(home, store, [experiment], ct);
            await this.PushRunsAsync(store, runs, ct);
            await results!.PutAsync(number, experiment, isFinal: true, ct);
        }

        run.Conclude([experiment], inFolder: true);
        return experiment.Status == ExperimentStatus.Failed ? throw new CliException($"trial {number} ({experiment.Ref.Name}) failed: {experiment.Record!.Reason}") : ExitCode.Ok;
    }

    public static ExperimentPlan ReadPlan(CliContext context, string file)
    {
        var path = context.FullPath(file);
        return File.Exists(path) ? ExperimentPlan.Parse(File.ReadAllBytes(path), file) : throw new CliException($"the plan {file} does not exist; `mlops exp matrix` writes one");
    }

    private IBlobStore? Store()
    {
        try
        {
            return ExpData.Open(home, remote);
        }
        catch (ProjectConfigException error) when (remote is null)
        {
            run.Note($"the result stays here: {error.Message}");
            return null;
        }
    }

    private async Task<Experiment> AllRungsAsync(PlannedTrials trials, ExperimentPlan plan, int number, ExpResults? results, CancellationToken ct)
    {
        var experiment = await trials.RunAsync(number, 0, [], ct);
        for (var rung = 0; plan.Halving is { } halving && rung < halving.Budgets.Count - 1 && experiment.Status != ExperimentStatus.Failed; rung++)
        {
            if (results is not null)
                await results.PutAsync(number, experiment, isFinal: false, ct);
            var others = results is null ? [] : (await results.ReadAsync(ct)).Values.Where(r => r.Trial != number && r.Record.Rungs.Count > rung).Select(r => r.Record.Rungs[rung].Value).ToList();
            var mine = experiment.Record!.Rungs[^1].Value;
            if (!halving.GoesOn(mine, others, plan.Goal!))
            {
                var reached = mine?.ToString("G6", CultureInfo.InvariantCulture) ?? "none";
                return await trials.StopAsync(experiment, $"not among the best 1/{halving.Eta} of the {others.Count + 1} trials that have reached {halving.Key}={halving.Budgets[rung]} ({plan.Goal!.Metric} {reached})", ct);
            }

            experiment = await trials.RunAsync(number, rung + 1, experiment.Record.Rungs, ct);
        }

        return experiment;
    }

    // Also the runs of stages that declare more than DVC knows, such as the class of GPU.
    private HashSet<string> RunCacheFiles() =>
    [
        .. new[] { RunCache.Folder, RunCache.OwnFolder }.Select(name => Path.Combine(home.Project.Cache.Folder, name)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Where(f => !Path.GetFileName(f).StartsWith('.')),
    ];

    // What ran here, others need not run again: the remote's run cache has the cache's own layout.
    private async Task PushRunsAsync(IBlobStore store, HashSet<string> before, CancellationToken ct)
    {
        foreach (var file in this.RunCacheFiles().Except(before, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            await using var content = File.OpenRead(file);
            await store.PutAsync(Path.GetRelativePath(home.Project.Cache.Folder, file).Replace(Path.DirectorySeparatorChar, '/'), content, PutMode.IfAbsent, ct);
        }
    }
}
