using System.Globalization;
using Ci.Pipelines.Selection;

namespace Ci.Cli.Verbs;

/// <summary>What <c>gc</c> was asked to keep and where to sweep.</summary>
internal sealed record GcWish(RevisionScope Scope)
{
    public bool Workspace { get; init; }

    public bool NotInRemote { get; init; }

    public bool Cloud { get; init; }

    public string? Remote { get; init; }

    public bool Force { get; init; }

    public bool Dry { get; init; }

    public bool Quiet { get; init; }

    public bool SkipFailed { get; init; }

    public int? Jobs { get; init; }

    /// <summary>Other projects that share the cache.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    public string Warning(CliContext context)
    {
        var kept = this.Scope switch
        {
            { AllCommits: true } => " and all git commits",
            { AllBranches: true, AllTags: true } => " and all git branches and tags",
            { AllBranches: true } => " and all git branches",
            { AllTags: true } => " and all git tags",
            _ => "",
        };
        if (!this.Scope.AllCommits && this.Scope.Since is { } since)
            kept += string.Create(CultureInfo.InvariantCulture, $" and all git commits from {since:yyyy-MM-dd} on");
        if (this.Scope.Revision is { } revision)
            kept += $" and last {this.Scope.Count} commits from {revision}";
        if (this.Scope.AllExperiments)
            kept += " and all experiments";
        if (this.NotInRemote)
            kept += " that are not present in the DVC remote";
        var whose = this.Projects.Count == 0 ? " of the current repo." : " of the current and the following repos:" + string.Concat(this.Projects.Select(p => $"\n  - {context.FullPath(p)}"));
        return $"This will remove all cache except items used in the workspace{kept}{whose}";
    }
}
