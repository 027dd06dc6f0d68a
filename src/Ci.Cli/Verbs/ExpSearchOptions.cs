using System.CommandLine;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary>How ranges become trials: the options that <c>exp run</c> and <c>exp matrix</c> share.</summary>
internal sealed class ExpSearchOptions
{
    private readonly Option<string?> kind = new("--search") { Description = "Choose values from the ranges of -S: grid, random or lhs (Latin hypercube)." };
    private readonly Option<int?> trials = new("--trials") { Description = "How many trials (random, lhs)." };
    private readonly Option<long> seed = new("--seed") { Description = "Of the choice of values: the same seed gives the same trials.", DefaultValueFactory = _ => 0 };
    private readonly Option<string?> metric = new("--metric") { Description = "What decides: FILE:KEY, such as metrics.json:rmse." };
    private readonly Option<bool> minimize = new("--minimize") { Description = "Less of --metric is better." };
    private readonly Option<bool> maximize = new("--maximize") { Description = "More of --metric is better." };
    private readonly Option<string?> halving = new("--halving") { Description = "Stop hopeless trials early: budget=KEY:LOW..HIGHxETA, such as budget=train.epochs:1..27x3." };

    public ExpSearchOptions() => this.kind.AcceptOnlyFromAmong("grid", "random", "lhs");

    public void AddTo(Command command) => new Option[] { this.kind, this.trials, this.seed, this.metric, this.minimize, this.maximize, this.halving }.ToList().ForEach(command.Options.Add);

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(this.kind) is not null || parsed.GetValue(this.trials) is not null || parsed.GetValue(this.halving) is not null;

    /// <summary>The plan that a command line means.</summary>
    public ExperimentPlan Read(CliContext context, ExperimentWorkspace home, ParseResult parsed, IReadOnlyList<SweptOverride> overrides, IReadOnlyList<string> targets)
    {
        var search = parsed.GetValue(this.kind) switch { "random" => SearchKind.Random, "lhs" => SearchKind.Lhs, _ => SearchKind.Grid };
        var chosenSeed = parsed.GetValue(this.seed);
        var goal = this.Goal(parsed);
        var stop = parsed.GetValue(this.halving) is { } text ? Halving.Parse(text, file => ExpSupport.InProject(context, home, file)) : null;
        if (stop is not null && goal is null)
            throw new CliException("--halving needs the metric that decides: --metric FILE:KEY with --minimize or --maximize", ExitCode.Usage);
        if (stop is not null && overrides.Any(o => o.Key == stop.Key && o.File == stop.File))
            throw new CliException($"`{stop.Key}` is the budget of --halving; leave it out of -S", ExitCode.Usage);
        var sets = this.Sets(context, parsed, search, overrides, chosenSeed);
        return new ExperimentPlan
        {
            Search = search,
            Seed = chosenSeed,
            Ranges = parsed.GetValue(ExpSupport.Set) ?? [],
            Targets = targets,
            Goal = goal,
            Halving = stop,
            Trials = Named(sets, chosenSeed),
        };
    }

    private IReadOnlyList<IReadOnlyList<ParameterOverride>> Sets(CliContext context, ParseResult parsed, SearchKind search, IReadOnlyList<SweptOverride> overrides, long chosenSeed)
    {
        var count = parsed.GetValue(this.trials);
        if (search == SearchKind.Grid)
            return count is null ? PlanMaker.Grid(overrides) : throw new CliException("--trials is for --search random and lhs; a grid has as many trials as it has combinations", ExitCode.Usage);
        if (count is not (> 0 and <= ExperimentPlan.MostTrials))
            throw new CliException($"--search {search.ToString().ToLowerInvariant()} needs --trials, from 1 to {ExperimentPlan.MostTrials}", ExitCode.Usage);
        if (overrides.All(o => o.IsSettled))
            throw new CliException("there is nothing to search: no -S has a range, such as -S 'train.lr=loguniform(1e-4,1e-1)'", ExitCode.Usage);
        var sets = search == SearchKind.Random ? PlanMaker.Random(overrides, count.Value, chosenSeed) : PlanMaker.Lhs(overrides, count.Value, chosenSeed);
        if (sets.Count < count)
            context.Note($"mlops: the ranges hold no more than {sets.Count} different trials");
        return sets;
    }

    private MetricGoal? Goal(ParseResult parsed)
    {
        if (parsed.GetValue(this.metric) is not { } name)
            return null;
        var (less, more) = (parsed.GetValue(this.minimize), parsed.GetValue(this.maximize));
        return less != more ? new MetricGoal(MetricName.Parse(name), more) : throw new CliException("--metric needs one of --minimize and --maximize", ExitCode.Usage);
    }

    // From the seed and the values: every runner gives the same names without asking anybody.
    private static List<PlannedTrial> Named(IReadOnlyList<IReadOnlyList<ParameterOverride>> sets, long chosenSeed)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. sets.Select((set, index) =>
        {
            var attempt = 0;
            string name;
            do
                name = ExperimentNames.Of($"{chosenSeed}\n{index}\n{string.Join('\n', set)}", attempt++);
            while (!taken.Add(name));
            return new PlannedTrial(name, set);
        })];
    }
}
