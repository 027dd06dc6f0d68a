using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

/// <summary>What <c>fetch</c> would bring, and which outputs its filters mean.</summary>
internal static class FetchPlan
{
    public static bool IsOfKind(Pipeline pipeline, string path, string[] kinds) =>
        pipeline.Stages.SelectMany(s => s.Outputs).Any(o => o.FullPath == path && ((o.Kind == OutputKind.Metrics && kinds.Contains("metrics", StringComparer.Ordinal)) || (o.Kind == OutputKind.Plot && kinds.Contains("plots", StringComparer.Ordinal))));

    public static async Task<int> TellAsync(CliContext context, ParseResult parsed, Pipeline pipeline, IReadOnlyList<TrackedOutput> outputs, string? remote, CancellationToken ct)
    {
        var cache = pipeline.Project.Cache;
        var wanted = outputs.Where(o => !cache.Has(o.Digest.Md5) || (o.Digest.IsFolder && cache.ReadListing(o.Digest.Md5).Files.Any(f => o.Means(f.Path) && !cache.Has(f.Md5)))).ToList();
        var lines = new List<string>();
        foreach (var (description, some) in DataVerbs.ByRemote(pipeline, wanted, remote))
        {
            var transfer = new DataTransfer(cache, description.Open(context.Environment, context.Time), new TransferOptions { Time = context.Time });
            var there = await transfer.FindAsync(some.Select(o => o.Digest.Md5), ct);
            lines.AddRange(some.Select(o => $"{pipeline.Project.Shown(o.Path)}{(there.Contains(o.Digest.Md5) ? "" : $" (not on remote `{description.Name}`)")}"));
        }

        pipeline.Project.SaveState();
        if (parsed.IsJson())
            context.WriteJson(new JsonObject { ["would fetch"] = DataVerbs.Array(lines) });
        else if (lines.Count == 0)
            context.Line("Everything is up to date.");
        else
            lines.ForEach(line => context.Line($"would fetch {line}"));
        return ExitCode.Ok;
    }
}
