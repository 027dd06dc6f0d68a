using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Pipelines;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary>The ways to run experiments, and what is said about it.</summary>
internal sealed class ExpRun
{
    private readonly CliContext context;
    private readonly ExperimentWorkspace home;
    private readonly bool json;
    private bool together;

    public ExpRun(CliContext context, ExperimentWorkspace home, bool json)
    {
        (this.context, this.home, this.json) = (context, home, json);
        this.Runner = new TrialRunner(home, context.Time, this.Tell);
    }

    public TrialRunner Runner { get; }

    public int Jobs { get; init; } = 1;

    public string? Name { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<string> Copy { get; init; } = [];

    public required ReproOptions Repro { get; init; }

    /// <summary>One experiment, here or in a folder of its own.</summary>
    public async Task<int> OneAsync(IReadOnlyList<ParameterOverride> set, bool inFolder, CancellationToken ct)
    {
        var head = await this.home.HeadAsync(ct);
        var name = this.Name ?? await ExpSupport.NewNameAsync(this.context, this.home, head, string.Join('\n', set), [], ct);
        if (!this.Repro.Force && await this.home.Store.IsTakenAsync(new ExperimentRef(head, name), ct))
            throw new CliException($"there is an experiment `{name}` already; choose another name, or replace it with --force");
        var request = new TrialRequest { Name = name, Base = head, Set = set, Message = this.Message, Replace = this.Repro.Force, Repro = this.Repro };
        this.Line($"Reproducing experiment '{name}'");
        var result = inFolder
            ? await this.Runner.InFolderAsync(request, await this.StateAsync(await this.TreeAsync(ct), head, name, set, ct), this.Copy, ct)
            : await this.Runner.InWorkspaceAsync(request, this.Note, ct);
        if (result.Error is { } error)
            throw new CliException($"experiment '{name}' failed: {error.Message}", ExitCode.Error, error);
        if (result.Left.Count > 0)
            this.Note($"untracked, and not part of the experiment: {string.Join(", ", result.Left.Take(10))}{(result.Left.Count > 10 ? ", …" : "")}");
        this.Conclude([result.Experiment], inFolder);
        return ExitCode.Ok;
    }

    /// <summary>Queues every combination.</summary>
    public async Task<int> QueueAsync(IReadOnlyList<SweptOverride> overrides, CancellationToken ct)
    {
        var head = await this.home.HeadAsync(ct);
        var queue = new ExperimentQueue(this.home);
        var taken = queue.Entries().Where(e => e.Base == head).Select(e => e.Name).ToList();
        var sets = PlanMaker.Grid(overrides);
        var tree = await this.TreeAsync(ct);
        var entries = new List<QueuedExperiment>();
        for (var i = 0; i < sets.Count; i++)
        {
            var name = this.Name is null ? await ExpSupport.NewNameAsync(this.context, this.home, head, $"{i}\n{string.Join('\n', sets[i])}", taken, ct)
                : sets.Count == 1 ? this.Name : $"{this.Name}-{(i + 1).ToString(CultureInfo.InvariantCulture)}";
            if (taken.Contains(name, StringComparer.Ordinal))
                throw new CliException($"there is a queued experiment `{name}` already; choose another name");
            taken.Add(name);
            entries.Add(new QueuedExperiment
            {
                Id = ExperimentQueue.IdAt(this.context.Time.GetUtcNow(), i),
                Name = name,
                Base = head,
                Commit = await this.StateAsync(tree, head, name, sets[i], ct),
                Set = [.. sets[i].Select(s => s.ToString())],
                Targets = this.Repro.Targets,
                Folder = this.home.Project.Shown(this.Repro.Folder),
                Copy = this.Copy,
                Message = this.Message,
                Force = this.Repro.Force,
                SingleItem = this.Repro.SingleItem,
            });
        }

        // Only now: a wrong key in the last combination queues nothing at all.
        foreach (var entry in entries)
        {
            await queue.AddAsync(entry, ct);
            this.Line(entry.Set.Count == 0 ? $"Queued experiment '{entry.Name}' for future execution." : $"Queued experiment '{entry.Name}' with {string.Join(", ", entry.Set)}.");
        }

        if (this.json)
            this.context.WriteJson(new JsonObject { ["queued"] = new JsonArray([.. entries.Select(e => (JsonNode)e.ToJson())]) });
        return ExitCode.Ok;
    }

    /// <summary>Runs the queue.</summary>
    public async Task<int> QueuedAsync(CancellationToken ct)
    {
        this.together = true;
        var results = await new QueueRunner(this.home, this.Runner, this.Repro, this.Note).RunAsync(this.Jobs, ct);
        if (results.Count == 0)
            this.Line("No experiments are waiting in the queue.");
        return this.Several([.. results.Select(r => r.Experiment)]);
    }

    /// <summary>Runs a search, and says what was best.</summary>
    public async Task<int> SearchAsync(ExperimentPlan plan, CancellationToken ct)
    {
        this.together = true;
        var head = await this.home.HeadAsync(ct);
        var tree = await this.TreeAsync(ct);
        var request = new SearchRequest { Plan = plan, PlanId = plan.IdAt(tree), Base = head, Tree = tree, Jobs = this.Jobs, Copy = this.Copy, Message = this.Message, Repro = this.Repro };
        // A mistyped key must not be found out by the last trial.
        foreach (var trial in plan.Trials.Take(1))
            await this.home.WithParametersAsync(tree, plan.Halving is { } halving ? [.. trial.Set, halving.Of(0)] : trial.Set, this.Note, ct);
        this.Line($"{plan.Trials.Count} trials ({plan.Search.ToString().ToLowerInvariant()}, seed {plan.Seed}), up to {this.Jobs} at a time");
        var experiments = await new SearchRunner(this.home, this.Runner, request, this.Note).RunAsync(ct);
        if (plan.Goal is { } goal)
            this.Best(experiments, goal);
        return this.Several(experiments);
    }

    /// <summary>Says what was recorded; one document with <c>--json</c>.</summary>
    public void Conclude(IReadOnlyList<Experiment> experiments, bool inFolder)
    {
        if (this.json)
        {
            this.context.WriteJson(new JsonObject { ["experiments"] = new JsonArray([.. experiments.Select(ExpJson.Of)]) });
            return;
        }

        this.Line($"\nRan experiment(s): {string.Join(", ", experiments.Select(e => e.Ref.Name))}");
        this.Line(inFolder ? "To apply the results of an experiment to your workspace run:\n\n\tmlops exp apply <exp>" : "Experiment results have been applied to your workspace.");
    }

    public void Note(string text) => this.context.Note($"mlops: {text}");

    private int Several(IReadOnlyList<Experiment> experiments)
    {
        var ran = experiments.Where(e => e.Status != ExperimentStatus.Failed).ToList();
        if (this.json)
            this.Conclude(experiments, inFolder: true);
        else if (ran.Count > 0)
            this.Conclude(ran, inFolder: true);
        return ran.Count == 0 && experiments.Count > 0 ? throw new CliException("every experiment failed; `mlops exp queue logs NAME` shows what one wrote") : ExitCode.Ok;
    }

    private void Best(IReadOnlyList<Experiment> experiments, MetricGoal goal)
    {
        var done = experiments.Where(e => e.Status == ExperimentStatus.Done).Select(e => (Experiment: e, Value: ExperimentValues.NumberOf(e.Record!.Metrics, goal.Metric)))
            .Order(Comparer<(Experiment Experiment, double? Value)>.Create((a, b) => goal.Compare(a.Value, b.Value))).ToList();
        if (done is [(var best, { } value), ..])
            this.Line($"Best {goal.Metric}: {value.ToString("G6", CultureInfo.InvariantCulture)} by '{best.Ref.Name}' ({string.Join(", ", best.Record!.Set)})");
    }

    private async Task<string> TreeAsync(CancellationToken ct) => await this.home.SnapshotAsync(Pipeline.Load(this.home.Project), [], ct);

    private async Task<string> StateAsync(string tree, string head, string name, IReadOnlyList<ParameterOverride> set, CancellationToken ct) =>
        await this.home.Git.CommitTreeAsync(await this.home.WithParametersAsync(tree, set, this.Note, ct), [head], $"mlops: what {name} begins with\n", ct);

    private void Line(string text)
    {
        if (!this.json)
            this.context.Line(text);
    }

    private void Tell(string name, ReproEvent happened)
    {
        // Of several experiments only their stages are told; what they write is in their logs.
        var prefix = this.together ? $"[{name}] " : "";
        var seconds = happened.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        lock (this.context)
        {
            switch (happened.Kind)
            {
                case ReproEventKind.Line when !this.together:
                    this.context.Note(happened.Text);
                    break;
                case ReproEventKind.Line:
                    break;
                case ReproEventKind.Waiting:
                    this.context.Note($"{prefix}Stage '{happened.Stage}' waits for {happened.Text}");
                    break;
                case ReproEventKind.Running:
                    this.Line($"{prefix}Running stage '{happened.Stage}':{(this.together ? "" : $"\n> {happened.Text.Replace("\n", "\n> ", StringComparison.Ordinal)}")}");
                    break;
                case ReproEventKind.Ran:
                    this.Line($"{prefix}Stage '{happened.Stage}' ran in {seconds} s");
                    break;
                case ReproEventKind.Reused:
                    this.Line($"{prefix}Stage '{happened.Stage}' is cached - skipping run, checking out outputs ({seconds} s)");
                    break;
                case ReproEventKind.Unchanged when !this.together:
                    this.Line($"Stage '{happened.Stage}' didn't change, skipping");
                    break;
            }
        }
    }
}
