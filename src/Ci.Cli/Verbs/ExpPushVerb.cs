using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Git;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops exp push</c> and <c>exp pull</c>: references to and from a Git remote, data to and from the data remote.</summary>
internal static class ExpPushVerb
{
    private static readonly Argument<string> GitRemote = new("git_remote") { Description = "A Git remote or address." };
    private static readonly Argument<string[]> Names = new("experiment") { Arity = ArgumentArity.ZeroOrMore, Description = "Experiments; those of HEAD (or of --rev, -A) if absent." };
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Replace an experiment of the same name." };
    private static readonly Option<bool> NoCache = new("--no-cache") { Description = "References only, no data." };
    private static readonly Option<string?> Remote = DataVerbs.Remote();
    private static readonly ExpSelection Selection = new();

    public static Command Create(CliContext context)
    {
        var command = new Command("push", "Send experiments to a Git remote, and their data to the data remote.") { GitRemote, Names, Force, NoCache, Remote };
        Selection.AddTo(command);
        return command.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var remote = parsed.GetRequiredValue(GitRemote);
            var names = parsed.GetValue(Names) ?? [];
            var chosen = new List<Experiment>();
            foreach (var name in names)
                chosen.Add(await home.Store.FindAsync(name, ct));
            if (names.Length == 0)
                chosen.AddRange((Selection.IsAll(parsed) ? await home.Store.AllAsync(ct) : await home.Store.OfAsync(await Selection.CommitsAsync(parsed, home, ct), ct)).Where(e => e.Status != ExperimentStatus.Failed));
            var there = await home.Git.RemoteRefsAsync(remote, [$"{ExperimentRef.Finished}/*"], ct);
            var taken = chosen.Where(e => there.GetValueOrDefault(e.FullName, e.Commit) != e.Commit).ToList();
            if (taken.Count > 0 && !parsed.GetValue(Force))
                throw new CliException($"{remote} has other experiments of these names: {string.Join(", ", taken.Select(e => e.Ref.Name))}; replace them with --force, or rename yours");
            // Data first: whoever sees the reference can get what it names.
            var sent = parsed.GetValue(NoCache) ? 0 : await DataAsync(context, home, parsed, store => ExpData.PushAsync(home, store, chosen, ct));
            if (await home.Git.PushAsync(remote, [.. chosen.Select(e => new RefUpdate(e.FullName, e.Commit, there.GetValueOrDefault(e.FullName)))], ct) == PushOutcome.Stale)
                throw new CliException($"somebody else pushed to {remote} just now; try again");
            Tell(context, parsed, "Pushed", "to", remote, [.. chosen.Select(e => e.Ref.Name)], sent);
            return ExitCode.Ok;
        });
    }

    public static Command CreatePull(CliContext context)
    {
        var command = new Command("pull", "Get experiments from a Git remote, and their data from the data remote into the cache.") { GitRemote, Names, Force, NoCache, Remote };
        Selection.AddTo(command);
        return command.Does(context, async (parsed, ct) =>
        {
            var home = await ExpSupport.OpenAsync(context, ct);
            var remote = parsed.GetRequiredValue(GitRemote);
            var wanted = await ThereAsync(home, parsed, remote, ct);
            var here = await home.Store.AllAsync(ct);
            var taken = wanted.Where(w => here.Any(e => e.FullName == w.Ref.FullName && e.Commit != w.Commit)).Select(w => w.Ref.Name).ToList();
            if (taken.Count > 0 && !parsed.GetValue(Force))
                throw new CliException($"there are other experiments of these names here: {string.Join(", ", taken)}; replace them with --force, or rename yours");
            if (wanted.Count > 0)
                await home.Git.FetchAsync(remote, [.. wanted.Select(w => $"+{w.Ref.FullName}:{w.Ref.FullName}")], ct);
            var got = (await home.Store.AllAsync(ct)).Where(e => wanted.Any(w => w.Ref.FullName == e.FullName)).ToList();
            var fetched = parsed.GetValue(NoCache) ? 0 : await DataAsync(context, home, parsed, async store =>
            {
                var (count, missing) = await ExpData.FetchAsync(home, store, got, ct);
                missing.ToList().ForEach(line => context.Note($"mlops: {line}"));
                return count;
            });
            Tell(context, parsed, "Pulled", "from", remote, [.. wanted.Select(w => w.Ref.Name)], fetched);
            return ExitCode.Ok;
        });
    }

    private static async Task<List<(ExperimentRef Ref, string Commit)>> ThereAsync(ExperimentWorkspace home, ParseResult parsed, string remote, CancellationToken ct)
    {
        var there = (await home.Git.RemoteRefsAsync(remote, [$"{ExperimentRef.Finished}/*"], ct)).Select(r => (Ref: ExperimentRef.Parse(r.Key)!, Commit: r.Value)).Where(r => r.Ref is not null).ToList();
        var names = parsed.GetValue(Names) ?? [];
        if (names.FirstOrDefault(n => there.All(t => t.Ref.Name != n)) is { } missing)
            throw new CliException($"there is no experiment `{missing}` on {remote}{NearNames.Hint(missing, there.Select(t => t.Ref.Name))}");
        if (names.Length > 0)
            return [.. there.Where(t => names.Contains(t.Ref.Name, StringComparer.Ordinal))];
        if (Selection.IsAll(parsed))
            return there;
        var commits = await Selection.CommitsAsync(parsed, home, ct);
        return [.. there.Where(t => commits.Contains(t.Ref.Base, StringComparer.Ordinal))];
    }

    private static async Task<int> DataAsync(CliContext context, ExperimentWorkspace home, ParseResult parsed, Func<Storage.IBlobStore, Task<int>> move)
    {
        try
        {
            return await move(ExpData.Open(home, parsed.GetValue(Remote)));
        }
        catch (ProjectConfigException error) when (parsed.GetValue(Remote) is null)
        {
            context.Note($"mlops: references only, no data: {error.Message}");
            return 0;
        }
    }

    private static void Tell(CliContext context, ParseResult parsed, string what, string way, string remote, IReadOnlyList<string> names, int objects)
    {
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["experiments"] = DataVerbs.Array(names), ["objects"] = objects });
        else if (names.Count == 0)
            context.Line($"No experiments to {(way == "to" ? "push" : "pull")}.");
        else
            context.Line($"{what} {names.Count} experiment{(names.Count == 1 ? "" : "s")} {way} '{remote}': {string.Join(", ", names)} ({objects} objects of data)");
    }
}
