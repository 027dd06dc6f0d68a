using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp remove</c> and <c>exp rename</c>, here or on a Git remote.</summary>
internal static class ExpRemoveVerb
{
    private static readonly Option<string?> GitRemote = new("--git-remote", "-g") { Description = "A Git remote or address: do it there." };
    private static readonly ExpSelection Selection = new();

    public static Command Create(CliContext context)
    {
        var names = new Argument<string[]>("experiment") { Arity = ArgumentArity.ZeroOrMore, Description = "Experiments to remove." };
        var queue = new Option<bool>("--queue") { Description = "Remove all that are queued." };
        var keep = new Option<bool>("--keep") { Description = "Remove all but those." };
        var command = new Command("remove", "Remove experiments.") { names, queue, keep, GitRemote };
        command.Aliases.Add("rm");
        Selection.AddTo(command);
        return command.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var wanted = parsed.GetValue(names) ?? [];
            if (wanted.Length == 0 && !parsed.GetValue(queue) && !Selection.IsGiven(parsed))
                throw new CliException("say which experiments: names, --queue, --rev COMMIT or -A", ExitCode.Usage);
            var removed = parsed.GetValue(GitRemote) is { } remote ? await RemoveThereAsync(home, remote, wanted, ct)
                : parsed.GetValue(queue) ? await RemoveQueuedAsync(home, wanted, ct)
                : await RemoveHereAsync(home, parsed, wanted, parsed.GetValue(keep), ct);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["removed"] = DataVerbs.Array(removed) });
            else
                context.Line(removed.Count > 0 ? $"Removed experiments: {string.Join(',', removed)}" : "No experiments to remove.");
            return ExitCode.Ok;
        });
    }

    public static Command CreateRename(CliContext context)
    {
        var old = new Argument<string>("experiment") { Description = "The experiment." };
        var name = new Argument<string>("name") { Description = "Its new name." };
        var force = new Option<bool>("--force", "-f") { Description = "Replace an experiment of that name." };
        return new Command("rename", "Give an experiment another name.") { old, name, force }.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var experiment = await home.Store.FindAsync(parsed.GetRequiredValue(old), ct);
            await home.Store.RenameAsync(experiment, parsed.GetRequiredValue(name), parsed.GetValue(force), ct);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["renamed"] = experiment.Ref.Name, ["name"] = parsed.GetRequiredValue(name) });
            else
                context.Line($"Renamed experiment '{experiment.Ref.Name}' to '{parsed.GetRequiredValue(name)}'.");
            return ExitCode.Ok;
        });
    }

    private static async Task<List<string>> RemoveHereAsync(ExperimentWorkspace home, ParseResult parsed, string[] names, bool keep, CancellationToken ct)
    {
        var queue = new ExperimentQueue(home);
        var chosen = new List<Experiment>();
        var removed = new List<string>();
        foreach (var name in names)
        {
            // A name may also be that of one which waits.
            if (!keep && queue.Entries().FirstOrDefault(e => e.Name == name) is { } waiting)
            {
                await queue.RemoveAsync(waiting, ct);
                removed.Add(name);
            }
            else
                chosen.Add(await home.Store.FindAsync(name, ct));
        }

        if (Selection.IsGiven(parsed))
            chosen.AddRange(Selection.IsAll(parsed) ? await home.Store.AllAsync(ct) : await home.Store.OfAsync(await Selection.CommitsAsync(parsed, home, ct), ct));
        if (keep)
            chosen = [.. (await home.Store.AllAsync(ct)).Where(e => chosen.All(c => c.FullName != e.FullName))];
        foreach (var experiment in chosen.DistinctBy(e => e.FullName))
        {
            await home.Store.RemoveAsync(experiment, ct);
            removed.Add(experiment.Ref.Name);
        }

        return removed;
    }

    private static async Task<List<string>> RemoveQueuedAsync(ExperimentWorkspace home, string[] names, CancellationToken ct)
    {
        var queue = new ExperimentQueue(home);
        var removed = new List<string>();
        foreach (var entry in queue.Entries().Where(e => names.Length == 0 || names.Contains(e.Name, StringComparer.Ordinal)))
        {
            await queue.RemoveAsync(entry, ct);
            removed.Add(entry.Name);
        }

        return removed;
    }

    private static async Task<List<string>> RemoveThereAsync(ExperimentWorkspace home, string remote, string[] names, CancellationToken ct)
    {
        var there = (await home.Git.RemoteRefsAsync(remote, [$"{ExperimentRef.Finished}/*"], ct)).Where(r => ExperimentRef.Parse(r.Key) is { } name && names.Contains(name.Name, StringComparer.Ordinal)).ToList();
        if (names.FirstOrDefault(n => there.All(t => ExperimentRef.Parse(t.Key)!.Name != n)) is { } missing)
            throw new CliException($"there is no experiment `{missing}` on {remote}; `mlops exp list {remote} -A` lists them");
        if (await home.Git.PushAsync(remote, [.. there.Select(t => new RefUpdate(t.Key, null, t.Value))], ct) == PushOutcome.Stale)
            throw new CliException($"somebody else changed these experiments on {remote} just now; try again");
        return [.. there.Select(t => ExperimentRef.Parse(t.Key)!.Name)];
    }
}
