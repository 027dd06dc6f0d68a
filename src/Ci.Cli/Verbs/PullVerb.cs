using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;

namespace Ci.Cli.Verbs;

/// <summary><c>pull</c>, <c>fetch</c> and <c>checkout</c>: the whole way from the remote to the workspace, and its halves.</summary>
internal static class PullVerb
{
    public static Command Create(CliContext context) => Make(context, "pull", "Get tracked data from the remote and put it into the workspace.", fetch: true, checkout: true);

    public static Command CreateFetch(CliContext context) => Make(context, "fetch", "Get tracked data from the remote into the cache.", fetch: true, checkout: false);

    public static Command CreateCheckout(CliContext context) => Make(context, "checkout", "Put tracked data from the cache into the workspace.", fetch: false, checkout: true);

    private static Command Make(CliContext context, string name, string summary, bool fetch, bool checkout)
    {
        var targets = DataVerbs.Targets("Stages or tracked files; everything if absent.");
        var remote = DataVerbs.Remote();
        var runCache = new Option<bool>("--run-cache") { Description = "Also get the records of earlier runs, with what they made." };
        var force = new Option<bool>("--force", "-f") { Description = "Also overwrite files whose content is nowhere else." };
        var command = new Command(name, summary) { targets };
        if (fetch)
        {
            command.Options.Add(remote);
            command.Options.Add(runCache);
        }

        if (checkout)
            command.Options.Add(force);
        return command.Does(context, async (parsed, ct) =>
        {
            var pipeline = DataVerbs.Load(context);
            var outputs = pipeline.Tracked(parsed.GetValue(targets) ?? [], context.WorkingDirectory);
            var problems = new List<string>();
            var fetched = 0;
            try
            {
                var own = outputs;
                if (fetch)
                    (fetched, own) = await ImportedData.FetchAsync(context, pipeline, outputs, ct);
                if (fetch && parsed.GetValue(runCache))
                    fetched += await new RemoteData(pipeline, parsed.GetValue(remote)).FetchRunsAsync(ct);
                if (fetch && (own.Count > 0 || outputs.Count == 0))
                    fetched += await DataVerbs.WithRemotesAsync(pipeline, own, parsed.GetValue(remote), (transfer, some) => transfer.FetchAsync(some, ct));
            }
            catch (MissingDataException error)
            {
                // What did arrive is still worth having; what did not is told at the end.
                problems.Add(error.Message);
                outputs = [.. outputs.Where(o => !error.Paths.Contains(o.Path, StringComparer.Ordinal))];
            }

            var done = checkout ? DataVerbs.Checkout(pipeline, outputs, parsed.GetValue(force), problems) : [];
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["fetched"] = fetched, ["added"] = DataVerbs.Array(done.Where(d => d.Letter == 'A').Select(d => d.Path)), ["modified"] = DataVerbs.Array(done.Where(d => d.Letter == 'M').Select(d => d.Path)) });
            else if (problems.Count == 0 || done.Count > 0 || fetched > 0)
                Write(context, fetch, checkout, fetched, done);
            return problems.Count == 0 ? ExitCode.Ok : throw new CliException(string.Join('\n', problems));
        });
    }

    private static void Write(CliContext context, bool fetch, bool checkout, int fetched, List<(char Letter, string Path)> done)
    {
        foreach (var (letter, path) in done)
            context.Line($"{letter}       {path}");
        if (!fetch)
            return;
        var parts = new List<string>();
        if (fetched > 0)
            parts.Add($"{Files(fetched)} fetched");
        if (checkout && done.Count > 0)
            parts.Add($"{Files(done.Count)} {(done.All(d => d.Letter == 'A') ? "added" : "added or modified")}");
        context.Line(parts.Count == 0 ? "Everything is up to date." : string.Join(" and ", parts));
    }

    private static string Files(int count) => count == 1 ? "1 file" : $"{count} files";
}
