using Ci.Forges;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>What the rules look at. Everything comes from the deploy repository's default branch or is verified; nothing from the proposal.</summary>
internal sealed record CheckFacts
{
    public required PromotionContext Context { get; init; }

    public required DeploySnapshot Deploy { get; init; }

    public required EnvironmentPolicy Target { get; init; }

    /// <summary>Null for the first environment.</summary>
    public EnvironmentPolicy? Upstream { get; init; }

    public required string Model { get; init; }

    public required Sha256Digest ReleaseId { get; init; }

    /// <summary>Null when it does not verify; then <see cref="ReleaseProblem"/> says why.</summary>
    public VerifiedRelease? Release { get; init; }

    public string ReleaseProblem { get; init; } = "";

    public PreparedCommit? Prepared { get; init; }

    /// <summary>The target branch's commit now.</summary>
    public string? TargetHead { get; init; }

    /// <summary>
    /// The target branch without the proposal: its commit now, or what it was before the merge that is applied. Null for the first environment.
    /// </summary>
    public string? TargetBefore { get; init; }

    /// <summary>The branch where people author.</summary>
    public required string MainBranch { get; init; }

    /// <summary>What the blobs rule found a moment ago; stored bytes do not change because the deploy repository moved.</summary>
    public RuleOutcome? Blobs { get; init; }

    public PullRequest? PullRequest { get; init; }

    public DateTimeOffset Now => Context.Time.GetUtcNow();
}
