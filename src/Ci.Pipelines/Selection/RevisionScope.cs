using Ci.Git;

namespace Ci.Pipelines.Selection;

/// <summary>Which commits are meant besides the workspace.</summary>
public sealed record RevisionScope
{
    public bool AllBranches { get; init; }

    public bool AllTags { get; init; }

    public bool AllCommits { get; init; }

    /// <summary>The commits of experiments, which lie under <c>refs/exps</c>.</summary>
    public bool AllExperiments { get; init; }

    /// <summary>One revision, and so many commits before it as <see cref="Count"/> says.</summary>
    public string? Revision { get; init; }

    public int Count { get; init; } = 1;

    /// <summary>Commits from a time on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only the workspace is meant.</summary>
    public bool IsEmpty => this is { AllBranches: false, AllTags: false, AllCommits: false, AllExperiments: false, Revision: null, Since: null };

    /// <summary>Their full ids, without doubles.</summary>
    /// <exception cref="GitException">A revision does not exist.</exception>
    public async Task<IReadOnlyList<string>> ResolveAsync(GitRepository git, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(git);
        var commits = new List<string>();
        if (this.Revision is { } revision)
        {
            var id = await git.ResolveAsync(revision, ct) ?? throw new GitException($"unknown Git revision `{revision}`");
            commits.AddRange(await git.LastAsync(id, this.Count, ct));
        }

        if (this.AllCommits)
            commits.AddRange(await git.ReachableAsync(null, ct));
        else
        {
            if (this.AllBranches)
                commits.AddRange(await git.TipsAsync("refs/heads", ct));
            if (this.AllTags)
                commits.AddRange(await git.TipsAsync("refs/tags", ct));
            if (this.Since is { } since)
                commits.AddRange(await git.ReachableAsync(since, ct));
        }

        if (this.AllExperiments)
            commits.AddRange(await git.TipsAsync("refs/exps", ct));
        return [.. commits.Distinct(StringComparer.Ordinal)];
    }
}
