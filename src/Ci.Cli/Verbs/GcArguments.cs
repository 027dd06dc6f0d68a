using System.CommandLine;
using System.Globalization;
using Ci.Pipelines.Selection;

namespace Ci.Cli.Verbs;

/// <summary>DVC's options of <c>gc</c>, read and checked together.</summary>
internal sealed class GcArguments
{
    private readonly Option<bool> workspace = new("--workspace", "-w") { Description = "Keep what the workspace uses (which is kept always)." };
    private readonly Option<bool> branches = new("--all-branches", "-a") { Description = "Keep what the tips of all branches use." };
    private readonly Option<bool> tags = new("--all-tags", "-T") { Description = "Keep what tags use." };
    private readonly Option<bool> commits = new("--all-commits", "-A") { Description = "Keep what any commit uses." };
    private readonly Option<bool> experiments = new("--all-experiments") { Description = "Keep what experiments use." };
    private readonly Option<string?> revision = new("--rev") { Description = "Keep what a commit uses, with --num also those before it." };
    private readonly Option<int?> count = new("--num", "-n") { Description = "How many commits from --rev on backwards." };
    private readonly Option<string?> date = new("--date") { Description = "Keep what commits from a day on use: 2026-05-01." };
    private readonly Option<bool> notInRemote = new("--not-in-remote") { Description = "Of what is used keep only what the remote lacks." };
    private readonly Option<bool> cloud = new("--cloud", "-c") { Description = "Sweep the remote, too. Nobody else should push meanwhile." };
    private readonly Option<string?> remote = new("--remote", "-r") { Description = "Which remote." };
    private readonly Option<bool> force = new("--force", "-f") { Description = "Do not ask." };
    private readonly Option<bool> dry = new("--dry") { Description = "Only say what would be removed." };
    private readonly Option<string[]> projects = new("--projects", "-p") { Description = "Also keep what these projects use, which share the cache.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> skipFailed = new("--skip-failed") { Description = "Pass over commits that cannot be read; what only they use is removed." };
    private readonly Option<int?> jobs = new("--jobs", "-j") { Description = "Removals at the same time." };

    public Command AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            this.workspace, this.branches, this.tags, this.commits, this.experiments, this.revision, this.count, this.date, this.notInRemote, this.cloud, this.remote, this.force, this.dry, this.projects, this.skipFailed,
            this.jobs,
        })
            command.Options.Add(option);
        return command;
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="CliException">They say nothing to keep, or contradict each other.</exception>
    public GcWish Read(ParseResult parsed)
    {
        var scope = new RevisionScope
        {
            AllBranches = parsed.GetValue(this.branches),
            AllTags = parsed.GetValue(this.tags),
            AllCommits = parsed.GetValue(this.commits),
            AllExperiments = parsed.GetValue(this.experiments),
            Revision = parsed.GetValue(this.revision),
            Count = parsed.GetValue(this.count) ?? 1,
            Since = parsed.GetValue(this.date) is { } day ? DayOf(day) : null,
        };
        var wish = new GcWish(scope)
        {
            Workspace = parsed.GetValue(this.workspace),
            NotInRemote = parsed.GetValue(this.notInRemote),
            Cloud = parsed.GetValue(this.cloud),
            Remote = parsed.GetValue(this.remote),
            Force = parsed.GetValue(this.force),
            Dry = parsed.GetValue(this.dry),
            Quiet = parsed.GetValue(VerbAction.Quiet),
            SkipFailed = parsed.GetValue(this.skipFailed),
            Jobs = parsed.GetValue(this.jobs),
            Projects = parsed.GetValue(this.projects) ?? [],
        };
        if (!wish.Workspace && scope.IsEmpty)
            throw new CliException("say what to keep: --workspace, --all-branches, --all-tags, --all-commits, --all-experiments, --date or --rev");
        if (wish.Remote is not null && !wish.Cloud && !wish.NotInRemote)
            throw new CliException("--remote goes with --cloud or --not-in-remote");
        if (wish.Cloud && wish.NotInRemote)
            throw new CliException("--cloud and --not-in-remote exclude each other");
        if (parsed.GetValue(this.count) is { } number && (scope.Revision is null || number < 1))
            throw new CliException("--num goes with --rev, and is 1 or more");
        return wish;
    }

    private static DateTimeOffset DayOf(string text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            ? day
            : throw new CliException($"--date is a day such as 2026-05-01, not `{text}`");
}
