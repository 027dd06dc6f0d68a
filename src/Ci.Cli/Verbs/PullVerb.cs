using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;

namespace Ci.Cli.Verbs;

/// <summary><c>pull</c> and <c>fetch</c>: from the remote into the cache, and on into the workspace.</summary>
internal static class PullVerb
{
    public static Command Create(CliContext context)
    {
        var force = new Option<bool>("--force", "-f") { Description = "Also overwrite files whose content is nowhere else." };
        var allowMissing = new Option<bool>("--allow-missing") { Description = "Data that is nowhere is no error." };
        var arguments = new TransferArguments();
        var command = arguments.AddTo(new Command("pull", "Get tracked data from the remote and put it into the workspace."), moves: true, globs: true);
        command.Options.Add(force);
        command.Options.Add(allowMissing);
        return command.Does(context, async (parsed, ct) =>
        {
            var pipeline = DataVerbs.Load(context);
            // Told before anything is moved or touched: a remote or target that does not exist ends here.
            var workspace = arguments.Workspace(context, parsed, pipeline);
            var (fetched, missing, imported) = await FetchAsync(
                context, parsed, arguments, pipeline, (await arguments.EverywhereAsync(context, parsed, pipeline, ct), PartialImports.Of(pipeline, arguments.RequestOf(context, parsed))), ct);
            var result = new CheckoutResult();
            WorkspaceCheckout.Run(pipeline, [.. workspace, .. imported], parsed.GetValue(force), result);
            var problems = new List<string>(result.Problems);
            if (!parsed.GetValue(allowMissing))
            {
                problems.AddRange(missing.Select(m => m.Message));
                // What the remote did not have was told by its own line.
                problems.AddRange(result.Missing.Where(m => !missing.Any(o => o.Paths.Contains(m.Path, StringComparer.Ordinal))).Select(m => m.Problem));
            }

            Report(context, parsed, parsed.IsQuiet(), fetched, result, problems.Count > 0);
            return problems.Count == 0 ? ExitCode.Ok : throw new CliException(string.Join('\n', problems));
        });
    }

    public static Command CreateFetch(CliContext context)
    {
        var arguments = new TransferArguments();
        var maxSize = new Option<long?>("--max-size") { Description = "Only files and folders that are smaller than so many bytes." };
        var types = new Option<string[]>("--type") { Description = "Only outputs of a kind: metrics, plots." };
        types.AcceptOnlyFromAmong("metrics", "plots");
        var dry = new Option<bool>("--dry") { Description = "Only say what would be fetched." };
        var command = arguments.AddTo(new Command("fetch", "Get tracked data from the remote into the cache."), moves: true, globs: true);
        foreach (var option in new Option[] { maxSize, types, dry })
            command.Options.Add(option);
        return command.Does(context, async (parsed, ct) =>
        {
            var pipeline = DataVerbs.Load(context);
            var outputs = await arguments.EverywhereAsync(context, parsed, pipeline, ct);
            var kinds = parsed.GetValue(types) ?? [];
            var meant = outputs.Where(o => (parsed.GetValue(maxSize) is not { } most || o.Digest.Size < most) && (kinds.Length == 0 || FetchPlan.IsOfKind(pipeline, o.Path, kinds))).ToList();
            if (parsed.GetValue(dry))
                return await FetchPlan.TellAsync(context, parsed, pipeline, meant, arguments.RemoteOf(parsed), ct);
            // Of what was never brought, neither size nor kind is known.
            var partial = kinds.Length == 0 && parsed.GetValue(maxSize) is null ? PartialImports.Of(pipeline, arguments.RequestOf(context, parsed)) : [];
            var (fetched, missing, _) = await FetchAsync(context, parsed, arguments, pipeline, (meant, partial), ct);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["fetched"] = fetched });
            else if (!parsed.IsQuiet() && (missing.Count == 0 || fetched > 0))
                context.Line(fetched == 0 ? "Everything is up to date." : new CheckoutResult().Summary((fetched, "fetched")));
            return missing.Count == 0 ? ExitCode.Ok : throw new CliException(string.Join('\n', missing.Select(m => m.Message)));
        });
    }

    private static async Task<(int Fetched, IReadOnlyList<MissingDataException> Missing, IReadOnlyList<TrackedOutput> Imported)> FetchAsync(
        CliContext context, ParseResult parsed, TransferArguments arguments, Ci.Pipelines.Pipeline pipeline, (IReadOnlyList<TrackedOutput> Outputs, IReadOnlyList<PointerFile> Partial) wanted, CancellationToken ct)
    {
        var missing = new List<MissingDataException>();
        var partly = 0;
        var how = (arguments.RemoteOf(parsed), arguments.JobsOf(parsed), parsed.IsQuiet() || parsed.IsJson());
        var (imported, own) = await ImportedData.FetchAsync(context, pipeline, wanted.Outputs, ct);
        var partial = new List<TrackedOutput>();
        foreach (var pointer in wanted.Partial)
        {
            var (count, output) = await PartialImports.FetchAsync(context, pipeline, pointer, ct);
            imported += count;
            partial.Add(output);
        }

        if (arguments.TakesRuns(parsed))
            imported += await new RemoteData(context, pipeline, arguments.RemoteOf(parsed)).FetchRunsAsync(ct);
        if (own.Count == 0 && wanted.Outputs.Count + partial.Count > 0)
            return (imported, missing, partial);
        var fetched = await DataVerbs.MoveAsync(context, pipeline, own, "Fetching", how, async (transfer, some) =>
        {
            try
            {
                return await transfer.FetchAsync(some, ct);
            }
            catch (MissingDataException error)
            {
                // What did arrive is still worth having; what did not is told at the end.
                missing.Add(error);
                partly += transfer.Fetched;
                return 0;
            }
        });
        return (imported + fetched + partly, missing, partial);
    }

    private static void Report(CliContext context, ParseResult parsed, bool quiet, int fetched, CheckoutResult result, bool failed)
    {
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["fetched"] = fetched,
                ["added"] = DataVerbs.Array(result.Done.Where(d => d.Letter == 'A').Select(d => d.Path)),
                ["modified"] = DataVerbs.Array(result.Done.Where(d => d.Letter == 'M').Select(d => d.Path)),
            });
            return;
        }

        if (quiet || (failed && fetched == 0 && result.Done.Count == 0))
            return;
        foreach (var (letter, path) in result.Ordered)
            context.Line($"{letter}       {path}");
        var summary = result.Summary((fetched, "fetched"));
        context.Line(summary.Length == 0 ? "Everything is up to date." : summary);
    }
}
