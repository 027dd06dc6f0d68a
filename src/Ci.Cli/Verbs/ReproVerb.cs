using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Ci.Cli.Terminal;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

internal sealed class ReproVerb
{
    private readonly Argument<string[]> targets = DataVerbs.Targets("Stages, outputs, pointers or dvc.yaml files to bring up to date, with what they need; the stages of this folder's dvc.yaml if absent.");
    private readonly Option<bool> force = new("--force", "-f") { Description = "Run stages even when nothing changed." };
    private readonly Option<bool> forceDownstream = new("--force-downstream") { Description = "Run all that depends on a changed stage, even when its own dependencies did not change." };
    private readonly Option<bool> single = new("--single-item", "-s") { Description = "Only the named stages, not what they need." };
    private readonly Option<bool> downstream = new("--downstream") { Description = "The named stages and what depends on them." };
    private readonly Option<bool> wholePipeline = new("--pipeline", "-p") { Description = "All that is connected with the named stages." };
    private readonly Option<bool> allPipelines = new("--all-pipelines", "-P") { Description = "All stages of the project." };
    private readonly Option<bool> recursive = new("--recursive", "-R") { Description = "Targets may be folders: all stages below them." };
    private readonly Option<bool> glob = new("--glob") { Description = "Targets may hold *, ? and [...]." };
    private readonly Option<bool> interactive = new("--interactive", "-i") { Description = "Not supported: --dry says what would run, and --single-item runs one stage." };
    private readonly Option<bool> dry = new("--dry") { Description = "Only say what would run." };
    private readonly Option<bool> pull = new("--pull") { Description = "Fetch missing data and earlier runs from the remote, stage by stage." };
    private readonly Option<string?> remote = new("--remote", "-r") { Description = "The remote that --pull fetches from; the default one if absent." };
    private readonly Option<bool> allowMissing = new("--allow-missing") { Description = "Skip stages of which only data is missing." };
    private readonly Option<bool> noCommit = new("--no-commit") { Description = "Do not take outputs into the cache." };
    private readonly Option<bool> noRunCache = new("--no-run-cache") { Description = "Do not reuse earlier runs with the same inputs." };
    private readonly Option<bool> keepGoing = new("--keep-going", "-k") { Description = "After a failure, go on with what does not depend on it." };
    private readonly Option<bool> ignoreErrors = new("--ignore-errors") { Description = "Go on after failures as if there were none." };
    private readonly Option<int?> jobs = new("--jobs", "-j") { Description = "Stages that run at the same time at most; as many as there are processors if absent." };
    private readonly Option<string?> accelerator = new("--accelerator") { Description = "Reuse runs that were made on this class of accelerator, whatever this machine has." };

    public static Command Create(CliContext context)
    {
        var verb = new ReproVerb();
        return new Command("repro", "Bring the pipeline of dvc.yaml up to date: run what changed, reuse what did not, several stages at the same time.")
        {
            verb.targets, verb.force, verb.forceDownstream, verb.single, verb.downstream, verb.wholePipeline, verb.allPipelines, verb.recursive, verb.glob, verb.interactive, verb.dry,
            verb.pull, verb.remote, verb.allowMissing, verb.noCommit, verb.noRunCache, verb.keepGoing, verb.ignoreErrors, verb.jobs, verb.accelerator,
        }.Does(context, (parsed, ct) => verb.RunAsync(context, parsed, ct));
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        if (parsed.GetValue(this.interactive))
            throw new CliException("--interactive is not supported: `mlops repro --dry` says what would run, and `mlops repro --single-item STAGE` runs one stage", ExitCode.Usage);
        if (parsed.GetValue(this.jobs) is < 1)
            throw new CliException("--jobs must be at least 1", ExitCode.Usage);
        var pipeline = DataVerbs.Load(context);
        var options = this.Options(context, parsed, pipeline);
        var json = parsed.IsJson();
        var stages = new JsonArray();
        var text = new StageLines(context, pipeline, options.OnFailure, options.Dry);
        await using var live = StageLive.For(context, json || context.IsQuiet || options.Dry);
        var reproducer = new Reproducer(pipeline, options, context.Time, happened => live.Print(() => Tell(context, happened, json ? null : text, stages))) { Live = live.Tell, Planned = live.Begin };
        var changed = await reproducer.RunAsync(ct);
        await live.EndAsync();
        if (json)
            context.WriteJson(new JsonObject { ["changed"] = changed, ["stages"] = stages, ["files"] = DataVerbs.Array(reproducer.ChangedFiles) });
        else if (!changed)
            context.Line("Data and pipelines are up to date.");
        if (changed)
            await ConcludeAsync(context, pipeline, reproducer, json, ct);
        return ExitCode.Ok;
    }

    private ReproOptions Options(CliContext context, ParseResult parsed, Pipeline pipeline) => new()
    {
        Targets = this.Targets(context, parsed, pipeline),
        Folder = context.WorkingDirectory,
        Force = parsed.GetValue(this.force),
        ForceDownstream = parsed.GetValue(this.forceDownstream),
        SingleItem = parsed.GetValue(this.single) && !parsed.GetValue(this.wholePipeline) && !parsed.GetValue(this.allPipelines),
        Downstream = parsed.GetValue(this.downstream) && !parsed.GetValue(this.wholePipeline) && !parsed.GetValue(this.allPipelines),
        WholePipeline = parsed.GetValue(this.wholePipeline),
        Recursive = parsed.GetValue(this.recursive),
        Glob = parsed.GetValue(this.glob),
        Dry = parsed.GetValue(this.dry),
        AllowMissing = parsed.GetValue(this.allowMissing),
        Commit = !parsed.GetValue(this.noCommit),
        UseRunCache = !parsed.GetValue(this.noRunCache),
        OnFailure = parsed.GetValue(this.ignoreErrors) ? OnFailure.Ignore : parsed.GetValue(this.keepGoing) ? OnFailure.KeepGoing : OnFailure.Stop,
        Jobs = parsed.GetValue(this.jobs) ?? Environment.ProcessorCount,
        Accelerator = parsed.GetValue(this.accelerator),
        Fetching = parsed.GetValue(this.pull) ? new RemoteData(context, pipeline, parsed.GetValue(this.remote)) : null,
        StopSignal = () => context.Interruption?.Last ?? PosixSignal.SIGTERM,
        KillNow = context.Interruption?.Again ?? CancellationToken.None,
        Environment = context.Environment,
        PathPrefix = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory),
    };

    // As with DVC, nothing named means the stages of this folder, with what they need.
    private IReadOnlyList<string> Targets(CliContext context, ParseResult parsed, Pipeline pipeline)
    {
        if (parsed.GetValue(this.allPipelines))
            return [];
        if (parsed.GetValue(this.targets) is { Length: > 0 } named)
            return named;
        if (File.Exists(Path.Combine(context.WorkingDirectory, "dvc.yaml")))
            return ["dvc.yaml"];
        throw new CliException($"there is no dvc.yaml in {context.WorkingDirectory}; "
            + (pipeline.Stages.Count > 0 ? "name stages of other folders, or run all with --all-pipelines" : "write one with `stages:`, or begin from a template with `mlops new`"));
    }

    private static async Task ConcludeAsync(CliContext context, Pipeline pipeline, Reproducer reproducer, bool json, CancellationToken ct)
    {
        string[] shown = [.. reproducer.ChangedFiles.Select(f => SeenFrom.Path(context, pipeline, f, pipeline.Project.Root))];
        await DataVerbs.StageAsync(context, pipeline.Project, reproducer.ChangedFiles, json, ct, shown);
        if (!json)
            context.Line("Use `mlops push` to send your updates to remote storage.");
    }

    private static void Tell(CliContext context, ReproEvent happened, StageLines? text, JsonArray stages)
    {
        if (text is not null)
            text.Tell(happened);
        else if (StageLines.Json(happened) is { } ending)
            stages.Add((JsonNode)ending);
        else if (happened.Kind is ReproEventKind.Line or ReproEventKind.Warning)
            context.Note(happened.Text);
        else if (happened.Kind == ReproEventKind.Waiting)
            context.Note($"Stage '{happened.Stage}' waits for {happened.Text}");
    }
}
