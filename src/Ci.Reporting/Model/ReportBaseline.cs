namespace Ci.Reporting;

/// <summary>What the candidate was compared with; <see cref="Since"/> says since when it is live, where that is known.</summary>
public sealed record ReportBaseline
{
    /// <summary>"live v1" and the like, as sentences use it.</summary>
    public required string Label { get; init; }

    public string? Sha256 { get; init; }

    public string? Commit { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>How many commits the branch that the pull request goes to is ahead of <see cref="Commit"/>; null where nobody counted.</summary>
    public int? CommitsBehind { get; init; }
}
