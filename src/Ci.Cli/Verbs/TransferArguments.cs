using System.CommandLine;
using Ci.Data;
using Ci.Git;
using Ci.Pipelines;
using Ci.Pipelines.Selection;

namespace Ci.Cli.Verbs;

/// <summary>The arguments by which DVC's verbs say which data is meant and how it is moved.</summary>
internal sealed class TransferArguments
{
    private readonly Argument<string[]> targets = DataVerbs.Targets("Stages, .dvc files, tracked files or folders, or files inside of them; everything if absent.");
    private readonly Option<string?> remote = DataVerbs.Remote();
    private readonly Option<int?> jobs = new("--jobs", "-j") { Description = "Objects that move at the same time; four for each core if absent." };
    private readonly Option<bool> recursive = new("--recursive", "-R") { Description = "A target that is a folder means all data below it." };
    private readonly Option<bool> withDeps = new("--with-deps", "-d") { Description = "Also what the targets are made from." };
    private readonly Option<bool> glob = new("--glob") { Description = "Targets are patterns: *, ?, [a-z], **." };
    private readonly Option<bool> allBranches = new("--all-branches", "-a") { Description = "Also the data of all branches." };
    private readonly Option<bool> allTags = new("--all-tags", "-T") { Description = "Also the data of all tags." };
    private readonly Option<bool> allCommits = new("--all-commits", "-A") { Description = "Also the data of all commits." };

    private readonly Option<bool> runCache = new("--run-cache") { Description = "Also the records of earlier runs, with what they made." };

    /// <summary>Adds them to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="moves">It moves data: remote, jobs, other revisions.</param>
    /// <param name="globs">It takes patterns.</param>
    public Command AddTo(Command command, bool moves, bool globs)
    {
        command.Arguments.Add(this.targets);
        if (moves)
            this.AddRemoteTo(command).Options.Add(this.runCache);
        command.Options.Add(this.withDeps);
        command.Options.Add(this.recursive);
        if (globs)
            command.Options.Add(this.glob);
        return command;
    }

    /// <summary>Adds only those that say which remote and which revisions.</summary>
    public Command AddRemoteTo(Command command)
    {
        foreach (var option in new Option[] { this.remote, this.jobs, this.allBranches, this.allTags, this.allCommits })
            command.Options.Add(option);
        return command;
    }

    public string? RemoteOf(ParseResult parsed) => parsed.GetValue(this.remote);

    /// <summary>Whether the run cache moves, too.</summary>
    public bool TakesRuns(ParseResult parsed) => parsed.GetValue(this.runCache);

    /// <summary>How many objects move at the same time; null where it was not said.</summary>
    /// <exception cref="CliException">It is no number from 1 on.</exception>
    public int? JobsOf(ParseResult parsed) =>
        parsed.GetValue(this.jobs) is { } count ? count >= 1 ? count : throw new CliException($"--jobs must be 1 or more, not {count}", ExitCode.Usage) : null;

    /// <summary>Other revisions than the workspace that are meant.</summary>
    public RevisionScope ScopeOf(ParseResult parsed) =>
        new() { AllBranches = parsed.GetValue(this.allBranches), AllTags = parsed.GetValue(this.allTags), AllCommits = parsed.GetValue(this.allCommits) };

    /// <summary>Which data is meant.</summary>
    public OutputRequest RequestOf(CliContext context, ParseResult parsed) => new(parsed.GetValue(this.targets) ?? [], context.WorkingDirectory)
    {
        Recursive = parsed.GetValue(this.recursive),
        WithDependencies = parsed.GetValue(this.withDeps),
        Glob = parsed.GetValue(this.glob),
    };

    /// <summary>What the workspace tracks of what is meant.</summary>
    public IReadOnlyList<TrackedOutput> Workspace(CliContext context, ParseResult parsed, Pipeline pipeline) => OutputSelection.Of(pipeline, this.RequestOf(context, parsed));

    /// <summary>The same with what other revisions track.</summary>
    public Task<IReadOnlyList<TrackedOutput>> EverywhereAsync(CliContext context, ParseResult parsed, Pipeline pipeline, CancellationToken ct) =>
        EverywhereAsync(context, this.RequestOf(context, parsed), this.ScopeOf(parsed), pipeline, ct);

    /// <inheritdoc cref="EverywhereAsync(CliContext, ParseResult, Pipeline, CancellationToken)"/>
    public static async Task<IReadOnlyList<TrackedOutput>> EverywhereAsync(CliContext context, OutputRequest request, RevisionScope scope, Pipeline pipeline, CancellationToken ct)
    {
        var workspace = OutputSelection.Of(pipeline, request);
        if (scope.IsEmpty)
            return workspace;
        var git = await GitRepository.OpenAsync(pipeline.Project.Root, new GitOptions { Environment = context.Environment }, ct);
        var others = await new RevisionOutputs(pipeline.Project, git).ReadAsync(
            scope, request, (commit, error) =>
            {
                context.Note($"mlops: passed over commit {commit[..8]}: {error.Message}");
                return false;
            },
            ct);
        return [.. workspace.Concat(others).DistinctBy(o => (o.Path, o.Digest.Md5, o.Only is null ? "" : string.Join('\n', o.Only)))];
    }
}
