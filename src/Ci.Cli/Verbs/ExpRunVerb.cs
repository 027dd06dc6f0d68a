using System.CommandLine;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp run</c>: one experiment, a queue of them, a search, or one trial of a plan.</summary>
internal static class ExpRunVerb
{
    private static readonly Option<string?> Name = new("--name", "-n") { Description = "The experiment's name; a readable one is made up if absent. Of several: followed by -1, -2, …" };
    private static readonly Option<string?> Message = new("--message", "-m") { Description = "The message of the experiment's commit." };
    private static readonly Option<bool> Queue = new("--queue") { Description = "Only queue it; ranges queue every combination." };
    private static readonly Option<bool> RunAll = new("--run-all") { Description = "Run what is queued." };
    private static readonly Option<int> Jobs = new("--jobs", "-j") { Description = "Experiments at the same time.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Temp = new("--temp") { Description = "Run in a folder of its own; the workspace stays as it is." };
    private static readonly Option<string[]> Copy = new("--copy-paths", "-C") { Description = "An untracked file or folder that an experiment in its own folder needs." };
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Run stages even when nothing changed, and replace an experiment of the same name." };
    private static readonly Option<bool> Single = new("--single-item", "-s") { Description = "Only the named stages, not what they need." };
    private static readonly Option<bool> NoRunCache = new("--no-run-cache") { Description = "Do not reuse earlier runs with the same inputs." };
    private static readonly Option<string?> Plan = new("--plan") { Description = "The plan that --trial counts in; exp-plan.json if absent." };
    private static readonly Option<int?> Trial = new("--trial") { Description = "Run this trial of the plan (from 0), and put its result on the remote." };
    private static readonly Option<string?> Remote = DataVerbs.Remote();
    private static readonly ExpSearchOptions Search = new();

    public static Command Create(CliContext context)
    {
        var targets = DataVerbs.Targets("Stages to bring up to date, with what they need; all stages if absent.");
        var command = new Command("run", "Run an experiment: set parameters, bring the pipeline up to date, and keep the result as a Git commit.")
        {
            targets, ExpSupport.Set, Name, Message, Queue, RunAll, Jobs, Temp, Copy, Force, Single, NoRunCache, Plan, Trial, Remote,
        };
        Search.AddTo(command);
        return command.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var run = new ExpRun(context, home, parsed.IsJson())
            {
                Jobs = parsed.GetValue(Jobs) is > 0 and var jobs ? jobs : throw new CliException("--jobs must be at least 1", ExitCode.Usage),
                Name = parsed.GetValue(Name),
                Message = parsed.GetValue(Message),
                Copy = [.. (parsed.GetValue(Copy) ?? []).Select(path => ExpSupport.InProject(context, home, path))],
                Repro = ExpSupport.Repro(context) with
                {
                    Targets = parsed.GetValue(targets) ?? [], Force = parsed.GetValue(Force), SingleItem = parsed.GetValue(Single), UseRunCache = !parsed.GetValue(NoRunCache),
                },
            };
            await run.Runner.SweepAsync(ct);
            return await ChosenAsync(context, home, run, parsed, ct);
        });
    }

    private static async Task<int> ChosenAsync(CliContext context, ExperimentWorkspace home, ExpRun run, ParseResult parsed, CancellationToken ct)
    {
        var given = parsed.GetValue(ExpSupport.Set) ?? [];
        if (parsed.GetValue(RunAll))
            return await run.QueuedAsync(ct);
        if (run.Name is not null)
            await ExperimentRef.CheckNameAsync(home.Git, run.Name, ct);
        if (parsed.GetValue(Trial) is { } trial)
        {
            return given.Length == 0
                ? await new ExpTrial(context, home, run, parsed.GetValue(Remote)).RunAsync(parsed.GetValue(Plan) ?? ExperimentPlan.FileName, trial, ct)
                : throw new CliException("--trial takes its parameters from the plan; leave -S away", ExitCode.Usage);
        }

        var overrides = ExpSupport.Overrides(context, home, given);
        if (Search.IsGiven(parsed))
            return await run.SearchAsync(Search.Read(context, home, parsed, overrides, run.Repro.Targets), ct);
        if (parsed.GetValue(Queue))
            return await run.QueueAsync(overrides, ct);
        if (overrides.FirstOrDefault(o => !o.IsSettled) is { } range)
            throw new CliException($"`{range.Key}` has several values: queue one experiment each with --queue, or run them now with --search grid (random, lhs)");
        return await run.OneAsync([.. overrides.Select(o => o.Settled)], parsed.GetValue(Temp), ct);
    }
}
