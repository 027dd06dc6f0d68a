using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Cli.Terminal;
using Ci.Data;
using Ci.Git;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

/// <summary>What the verbs over data and pipelines share.</summary>
internal static class DataVerbs
{
    public static Argument<string[]> Targets(string what) => new("targets") { Arity = ArgumentArity.ZeroOrMore, Description = what };

    public static Option<string?> Remote() => new("--remote", "-r") { Description = "The remote's name in .dvc/config; the default one if absent." };

    public static Pipeline Load(CliContext context)
    {
        var pipeline = Pipeline.Load(Project.Open(context.WorkingDirectory, context.Time, context.Environment));
        pipeline.Project.Cache.Tell = damage => context.Note($"mlops: {damage}");
        foreach (var warning in pipeline.Warnings)
            context.Note($"mlops: {warning}");
        return pipeline;
    }

    /// <summary>Does something with each remote that keeps some of the outputs, and sums up the counts.</summary>
    public static Task<int> WithRemotesAsync(
        Pipeline pipeline, IEnumerable<TrackedOutput> outputs, string? remote, Func<DataTransfer, IReadOnlyList<TrackedOutput>, Task<int>> action) =>
        WithRemotesAsync(pipeline, outputs, remote, new TransferOptions(), null, action);

    /// <inheritdoc cref="WithRemotesAsync(Pipeline, IEnumerable{TrackedOutput}, string, Func{DataTransfer, IReadOnlyList{TrackedOutput}, Task{int}})"/>
    /// <param name="pipeline">The project.</param>
    /// <param name="outputs">What is moved; what lies on another remote than the named one is passed over.</param>
    /// <param name="remote">The remote; null: the default one, and those that outputs name.</param>
    /// <param name="options">How it is moved.</param>
    /// <param name="jobs">Over what the remote's settings say.</param>
    /// <param name="action">What is done.</param>
    public static async Task<int> WithRemotesAsync(
        Pipeline pipeline, IEnumerable<TrackedOutput> outputs, string? remote, TransferOptions options, int? jobs, Func<DataTransfer, IReadOnlyList<TrackedOutput>, Task<int>> action)
    {
        var count = 0;
        try
        {
            foreach (var (description, some) in ByRemote(pipeline, outputs, remote))
            {
                var store = description.Open(pipeline.Project.Config.Places.Environment ?? new Dictionary<string, string>(), options.Time);
                count += await action(new DataTransfer(pipeline.Project.Cache, store, options with { Jobs = jobs ?? description.Jobs ?? options.Jobs }), some);
            }
        }
        finally
        {
            pipeline.Project.SaveState();
        }

        return count;
    }

    /// <summary>The remotes that are meant, each with what it keeps.</summary>
    public static IReadOnlyList<(RemoteDescription Remote, IReadOnlyList<TrackedOutput> Outputs)> ByRemote(Pipeline pipeline, IEnumerable<TrackedOutput> outputs, string? remote)
    {
        var config = pipeline.Project.Config;
        var named = remote?.ToLowerInvariant();
        var groups = outputs.Where(o => o.Push && (named is null || o.Remote is null || o.Remote.Equals(named, StringComparison.OrdinalIgnoreCase)))
            .GroupBy(o => named ?? o.Remote?.ToLowerInvariant(), StringComparer.Ordinal).ToList();
        // Asked for even when nothing is tracked: a missing remote is worth knowing before there is something to lose.
        return groups.Count == 0
            ? [(config.Remote(named), [])]
            : [.. groups.Select(group => (config.Remote(group.Key), (IReadOnlyList<TrackedOutput>)[.. group]))];
    }

    /// <summary>Moves data with what people see of it while they wait.</summary>
    public static async Task<int> MoveAsync(
        CliContext context, Pipeline pipeline, IEnumerable<TrackedOutput> outputs, string doing, (string? Remote, int? Jobs, bool Quiet) how, Func<DataTransfer, IReadOnlyList<TrackedOutput>, Task<int>> action)
    {
        var options = new TransferOptions { Time = context.Time };
        if (!how.Quiet)
            pipeline.Project.Config.Warnings.ToList().ForEach(warning => context.Note($"mlops: {warning}"));
        return await TransferDisplay.ShowAsync(context, doing, options.Progress, how.Quiet, () => WithRemotesAsync(pipeline, outputs, how.Remote, options, how.Jobs, action));
    }

    /// <summary>Puts outputs into the workspace; what cannot be is told together at the end.</summary>
    /// <returns>Letter (<c>A</c> or <c>M</c>) and path of what was done.</returns>
    public static List<(char Letter, string Path)> Checkout(Pipeline pipeline, IEnumerable<TrackedOutput> outputs, bool force, List<string> problems)
    {
        var result = new CheckoutResult();
        WorkspaceCheckout.Run(pipeline, outputs, force, result);
        problems.AddRange(result.Missing.Select(m => m.Problem).Concat(result.Problems));
        return [.. result.Done];
    }

    public static JsonArray Array(IEnumerable<string> items) => new([.. items.Select(i => (JsonNode?)i)]);

    /// <summary>Stages files for the next commit where <c>core.autostage</c> asks for it, else says how to.</summary>
    /// <param name="context">The verb's.</param>
    /// <param name="project">Its settings say whether.</param>
    /// <param name="files">By path from the project's root.</param>
    /// <param name="quiet">The hint is not said.</param>
    /// <param name="ct">Ends git, too.</param>
    /// <param name="shown">The files as the hint says them, when that is otherwise.</param>
    public static async Task StageAsync(CliContext context, Project project, IReadOnlyCollection<string> files, bool quiet, CancellationToken ct, IReadOnlyCollection<string>? shown = null)
    {
        if (project.Config.StagesFiles && files.Count > 0)
        {
            var git = await GitRepository.OpenAsync(project.Root, GitSettings.Of(context), ct);
            await git.AddAsync([.. files.Select(f => Path.GetRelativePath(git.Path, Path.Combine(project.Root, f)).Replace(Path.DirectorySeparatorChar, '/'))], ct);
        }
        else if (!quiet)
            GitHint(context, shown ?? files);
    }

    public static void GitHint(CliContext context, IReadOnlyCollection<string> files)
    {
        if (files.Count > 0)
            context.Line($"\nTo track the changes with git, run:\n\n\tgit add {string.Join(' ', files.Select(Quoted))}");
    }

    // For a shell, as Python's shlex.quote does it.
    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "_@%+=:,./-".Contains(c, StringComparison.Ordinal))
        ? word : $"'{word.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";
}
