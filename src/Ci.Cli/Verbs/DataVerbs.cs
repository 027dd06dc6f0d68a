using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines;
using Ci.Storage;

namespace Ci.Cli.Verbs;

/// <summary>What the verbs over data and pipelines share.</summary>
internal static class DataVerbs
{
    public static Argument<string[]> Targets(string what) => new("targets") { Arity = ArgumentArity.ZeroOrMore, Description = what };

    public static Option<string?> Remote() => new("--remote", "-r") { Description = "The remote's name in .dvc/config; the default one if absent." };

    public static Pipeline Load(CliContext context)
    {
        var pipeline = Pipeline.Load(Project.Open(context.WorkingDirectory, context.Time));
        foreach (var warning in pipeline.Warnings)
            context.Note($"mlops: {warning}");
        return pipeline;
    }

    /// <summary>Does something with each remote that keeps some of the outputs, and sums up the counts.</summary>
    public static async Task<int> WithRemotesAsync(
        Pipeline pipeline, IEnumerable<TrackedOutput> outputs, string? remote, Func<DataTransfer, IReadOnlyList<TrackedOutput>, Task<int>> action)
    {
        var count = 0;
        try
        {
            // Asked for even when nothing is tracked: a missing remote is worth knowing before there is something to lose.
            _ = pipeline.Project.Config.RemoteUrl(remote);
            foreach (var group in outputs.Where(o => o.Push).GroupBy(o => remote ?? o.Remote, StringComparer.Ordinal))
            {
                var store = BlobStores.Default.Open(pipeline.Project.Config.RemoteUrl(group.Key));
                count += await action(new DataTransfer(pipeline.Project.Cache, store), [.. group]);
            }
        }
        finally
        {
            pipeline.Project.SaveState();
        }

        return count;
    }

    /// <summary>Puts outputs into the workspace; what cannot be is told together at the end.</summary>
    /// <returns>Letter (<c>A</c> or <c>M</c>) and path of what was done.</returns>
    public static List<(char Letter, string Path)> Checkout(Pipeline pipeline, IEnumerable<TrackedOutput> outputs, bool force, List<string> problems)
    {
        var done = new List<(char, string)>();
        foreach (var output in outputs)
        {
            try
            {
                var change = pipeline.Project.Workspace.Restore(output.Path, output.Digest, force);
                if (change != Change.None)
                    done.Add((change == Change.Added ? 'A' : 'M', pipeline.Project.Shown(output.Path) + (output.Digest.IsFolder ? "/" : "")));
            }
            catch (DataException error)
            {
                problems.Add(error.Message);
            }
        }

        pipeline.Project.SaveState();
        return done;
    }

    public static JsonArray Array(IEnumerable<string> items) => new([.. items.Select(i => (JsonNode?)i)]);

    public static void GitHint(CliContext context, IReadOnlyCollection<string> files)
    {
        if (files.Count > 0)
            context.Line($"\nTo track the changes with git, run:\n\n\tgit add {string.Join(' ', files)}");
    }
}
