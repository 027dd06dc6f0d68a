using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Selection;

namespace Ci.Cli.Verbs;

/// <summary><c>mlops gc</c>: removes from the cache (and a remote) what nothing needs. Never without being told what to keep.</summary>
internal static class GcVerb
{
    public const string Summary = "Remove data from the cache, or a remote, that nothing needs.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Create(CliContext context)
    {
        var arguments = new GcArguments();
        return arguments.AddTo(new Command("gc", Summary)).Does(context, async (parsed, ct) =>
        {
            var wish = arguments.Read(parsed);
            var pipeline = DataVerbs.Load(context);
            if (!wish.Quiet)
                context.Note($"WARNING: {wish.Warning(context)}");
            if (!wish.Dry && !wish.Force && !Agrees(context))
            {
                context.Note("mlops: nothing was removed: say yes when asked, or add --force where nobody can be");
                return ExitCode.Error;
            }

            return await RunAsync(context, parsed, pipeline, wish, ct);
        });
    }

    private static bool Agrees(CliContext context)
    {
        if (context.ReadAnswer is not { } answer)
            return false;
        context.Error.Write("Are you sure you want to proceed? [y/n]: ");
        return answer()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, Pipeline pipeline, GcWish wish, CancellationToken ct)
    {
        var project = pipeline.Project;
        // Alone from here on: whoever has written objects has also written the files that name them, and nobody begins to.
        using var alone = await project.CacheUse.TryExcludeAsync(wish.Dry ? TimeSpan.Zero : Patience, context.Time, ct);
        if (alone is null && !wish.Dry)
            throw new CliException($"another command is writing data in {project.Root}; run `mlops gc` again when it is done", ExitCode.Unavailable);
        var began = context.Time.GetUtcNow();
        // Read again, now that nothing changes any more.
        var used = await new UsedData(context, DataVerbs.Load(context), wish).ReadAsync(ct);
        var keep = wish.NotInRemote ? used.Except(await FindOnRemoteAsync(context, pipeline, wish, used, ct), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal) : used;
        var local = CacheSweep.Sweep(project.Cache, keep, wish.Dry);
        var runs = RunCacheSweep.Sweep(project.Cache, md5 => wish.Dry ? keep.Contains(md5) : File.Exists(project.Cache.PathOf(md5)), wish.Dry);
        var remote = wish.Cloud ? await SweepRemoteAsync(context, pipeline, wish, used, began, ct) : ((int Count, long Bytes)?)null;
        project.SaveState();
        Report(context, parsed, wish, local, runs, remote);
        return ExitCode.Ok;
    }

    private static async Task<IReadOnlySet<string>> FindOnRemoteAsync(CliContext context, Pipeline pipeline, GcWish wish, HashSet<string> used, CancellationToken ct)
    {
        var remote = pipeline.Project.Config.Remote(wish.Remote);
        var options = new TransferOptions { Time = context.Time };
        return await new DataTransfer(pipeline.Project.Cache, remote.Open(context.Environment, context.Time), options with { Jobs = wish.Jobs ?? remote.Jobs ?? options.Jobs }).FindAsync(used, ct);
    }

    private static async Task<(int Count, long Bytes)> SweepRemoteAsync(CliContext context, Pipeline pipeline, GcWish wish, HashSet<string> used, DateTimeOffset began, CancellationToken ct)
    {
        var remote = pipeline.Project.Config.Remote(wish.Remote);
        return await CacheSweep.SweepAsync(remote.Open(context.Environment, context.Time), used, began, wish.Dry, wish.Jobs ?? remote.Jobs ?? new TransferOptions().Jobs, ct);
    }

    private static void Report(CliContext context, ParseResult parsed, GcWish wish, (int Count, long Bytes) local, int runs, (int Count, long Bytes)? remote)
    {
        if (parsed.IsJson())
        {
            context.WriteJson(new JsonObject
            {
                ["dry"] = wish.Dry, ["removed"] = local.Count, ["bytes"] = local.Bytes, ["runs"] = runs, ["removed from remote"] = remote?.Count, ["bytes on remote"] = remote?.Bytes,
            });
            return;
        }

        if (wish.Quiet)
            return;
        var verb = wish.Dry ? "Would remove" : "Removed";
        context.Line(local.Count == 0 ? "No unused 'repo' cache to remove." : string.Create(CultureInfo.InvariantCulture, $"{verb} {local.Count} objects from repo cache."));
        if (runs > 0)
            context.Line(string.Create(CultureInfo.InvariantCulture, $"{verb} {runs} runs from the run cache."));
        if (remote is { } there)
            context.Line(there.Count == 0 ? "No unused cache to remove from remote." : string.Create(CultureInfo.InvariantCulture, $"{verb} {there.Count} objects from remote."));
    }
}
