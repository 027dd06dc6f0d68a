using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp queue</c>, and <c>mlops queue</c> as DVC calls it: what waits, what ran, what it wrote.</summary>
internal static class ExpQueueVerb
{
    public static Command Create(CliContext context) => new("queue", ExpVerb.QueueSummary) { Status(context), Start(context), Remove(context), Logs(context) };

    private static Command Status(CliContext context) => new Command("status", "Show what waits, runs and has run.").Does(context, async (parsed, ct) =>
    {
        var home = await ExpSupport.OpenAsync(context, ct);
        var queue = new ExperimentQueue(home);
        var waiting = queue.Entries().Select(e => (e.Commit, e.Name, Status: queue.IsRunning(e) ? "Running" : "Queued"));
        var runner = new TrialRunner(home, context.Time, (_, _) => { });
        // What has a log ran in a folder of its own; the rest never was a task.
        var ended = (await home.Store.AllAsync(ct)).Where(e => File.Exists(runner.LogOf(e.Ref.Name))).Select(e => (e.Commit, e.Ref.Name, Status: e.Status switch { ExperimentStatus.Done => "Success", var other => other.ToString() }));
        var rows = waiting.Concat(ended).ToList();
        if (parsed.IsJson())
            context.WriteJson(new JsonArray([.. rows.Select(r => (JsonNode)new JsonObject { ["task"] = r.Commit, ["name"] = r.Name, ["status"] = r.Status })]));
        else if (rows.Count == 0)
            context.Line("No experiment tasks in the queue.");
        else
            ValueTable.Write(context, ["Task", "Name", "Status"], [.. rows.Select(r => (string[])[r.Commit[..7], r.Name, r.Status])], markdown: false);
        return ExitCode.Ok;
    });

    private static Command Start(CliContext context)
    {
        var jobs = new Option<int>("--jobs", "-j") { Description = "Experiments at the same time.", DefaultValueFactory = _ => 1 };
        return new Command("start", "Run what waits, until nothing does: as `exp run --run-all`.") { jobs }.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var run = new ExpRun(context, home, parsed.IsJson()) { Jobs = Math.Max(1, parsed.GetValue(jobs)), Repro = ExpSupport.Repro(context) };
            await run.Runner.SweepAsync(ct);
            return await run.QueuedAsync(ct);
        });
    }

    private static Command Remove(CliContext context)
    {
        var names = new Argument<string[]>("task") { Arity = ArgumentArity.ZeroOrMore, Description = "Names of experiments." };
        var all = new Option<bool>("--all") { Description = "All that waits, and the failed ones." };
        var queued = new Option<bool>("--queued") { Description = "All that waits." };
        var failed = new Option<bool>("--failed") { Description = "All that failed." };
        return new Command("remove", "Remove experiments that wait or failed.") { names, all, queued, failed }.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var queue = new ExperimentQueue(home);
            var wanted = parsed.GetValue(names) ?? [];
            if (wanted.Length == 0 && !parsed.GetValue(all) && !parsed.GetValue(queued) && !parsed.GetValue(failed))
                throw new CliException("say which: names, --queued, --failed or --all", ExitCode.Usage);
            var removed = new List<string>();
            foreach (var entry in queue.Entries().Where(e => parsed.GetValue(all) || parsed.GetValue(queued) || wanted.Contains(e.Name, StringComparer.Ordinal)))
            {
                await queue.RemoveAsync(entry, ct);
                removed.Add(entry.Name);
            }

            foreach (var experiment in (await home.Store.AllAsync(ct)).Where(e => e.Status == ExperimentStatus.Failed && (parsed.GetValue(all) || parsed.GetValue(failed) || wanted.Contains(e.Ref.Name, StringComparer.Ordinal))))
            {
                await home.Store.RemoveAsync(experiment, ct);
                removed.Add(experiment.Ref.Name);
            }

            if (wanted.FirstOrDefault(w => !removed.Contains(w, StringComparer.Ordinal)) is { } unknown)
                throw new CliException($"no experiment `{unknown}` waits or failed; `mlops exp queue status` lists them");
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["removed"] = DataVerbs.Array(removed) });
            else
                context.Line(removed.Count > 0 ? $"Removed tasks: {string.Join(", ", removed)}" : "No tasks to remove.");
            return ExitCode.Ok;
        });
    }

    private static Command Logs(CliContext context)
    {
        var name = new Argument<string>("task") { Description = "The experiment's name." };
        return new Command("logs", "Show what an experiment's commands wrote.") { name }.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var wanted = parsed.GetRequiredValue(name);
            await ExperimentRef.CheckNameAsync(home.Git, wanted, ct);
            var log = new TrialRunner(home, context.Time, (_, _) => { }).LogOf(wanted);
            if (!File.Exists(log))
                throw new CliException($"there is no log of `{wanted}`; experiments that run in the workspace write to the terminal, the others to {home.Project.Shown(Path.GetDirectoryName(log)!)}");
            using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            while (await reader.ReadLineAsync(ct) is { } line)
                context.Line(line);
            return ExitCode.Ok;
        });
    }
}
