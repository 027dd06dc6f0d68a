using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

internal static class ReproVerb
{
    public static Command Create(CliContext context)
    {
        var targets = DataVerbs.Targets("Stages or output files to bring up to date, with what they need; all stages if absent.");
        var force = new Option<bool>("--force", "-f") { Description = "Run stages even when nothing changed." };
        var single = new Option<bool>("--single-item", "-s") { Description = "Only the named stages, not what they need." };
        var dry = new Option<bool>("--dry") { Description = "Only say what would run." };
        var noRunCache = new Option<bool>("--no-run-cache") { Description = "Do not reuse earlier runs with the same inputs." };
        return new Command("repro", "Bring the pipeline of dvc.yaml up to date: run what changed, reuse what did not.") { targets, force, single, dry, noRunCache }
            .Does(context, async (parsed, ct) =>
            {
                var pipeline = DataVerbs.Load(context);
                var stages = new JsonArray();
                var json = parsed.IsJson();
                var options = new ReproOptions
                {
                    Targets = parsed.GetValue(targets) ?? [],
                    Folder = context.WorkingDirectory,
                    Force = parsed.GetValue(force),
                    SingleItem = parsed.GetValue(single),
                    Dry = parsed.GetValue(dry),
                    UseRunCache = !parsed.GetValue(noRunCache),
                    Environment = context.Environment,
                    PathPrefix = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory),
                };
                NeedSomething(pipeline);
                var reproducer = new Reproducer(pipeline, options, context.Time, happened => Tell(context, happened, json, stages));
                var changed = await reproducer.RunAsync(ct);
                if (json)
                    context.WriteJson(new JsonObject { ["changed"] = changed, ["stages"] = stages, ["files"] = DataVerbs.Array(reproducer.ChangedFiles) });
                else
                    Conclude(context, reproducer, changed);
                return ExitCode.Ok;
            });
    }

    private static void NeedSomething(Pipeline pipeline)
    {
        if (pipeline.Stages.Count == 0 && pipeline.Pointers.Count == 0 && !File.Exists(Path.Combine(pipeline.Project.Root, "dvc.yaml")))
            throw new CliException($"there is no dvc.yaml in {pipeline.Project.Root}; write one with `stages:`, or begin from a template with `mlops new`");
    }

    private static void Conclude(CliContext context, Reproducer reproducer, bool changed)
    {
        if (!changed)
        {
            context.Line("Data and pipelines are up to date.");
            return;
        }

        DataVerbs.GitHint(context, reproducer.ChangedFiles);
        context.Line("Use `mlops push` to send your updates to remote storage.");
    }

    private static void Tell(CliContext context, ReproEvent happened, bool json, JsonArray stages)
    {
        if (happened.Kind == ReproEventKind.Line)
        {
            context.Note(happened.Text);
            return;
        }

        if (happened.Kind == ReproEventKind.Waiting)
        {
            context.Note($"Stage '{happened.Stage}' waits for {happened.Text}");
            return;
        }

        if (json)
        {
            if (happened.Kind != ReproEventKind.Running)
                stages.Add((JsonNode)new JsonObject { ["stage"] = happened.Stage, ["outcome"] = happened.Kind.ToString().ToLowerInvariant(), ["seconds"] = Math.Round(happened.Elapsed.TotalSeconds, 3) });
            return;
        }

        var seconds = happened.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        context.Line(happened.Kind switch
        {
            ReproEventKind.Unchanged => $"Stage '{happened.Stage}' didn't change, skipping",
            ReproEventKind.Reused => $"Stage '{happened.Stage}' is cached - skipping run, checking out outputs ({seconds} s)",
            ReproEventKind.Running => $"Running stage '{happened.Stage}':\n> {happened.Text.Replace("\n", "\n> ", StringComparison.Ordinal)}",
            _ => $"Stage '{happened.Stage}' ran in {seconds} s",
        });
    }
}
