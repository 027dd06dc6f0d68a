using System.Text.Json.Serialization;
using Ci.Releases;

namespace Ci.Promotion;

/// <summary>One line of <c>audit/log.jsonl</c>. <see cref="PreviousLine"/> chains the lines: none can be changed or removed unseen.</summary>
public sealed record AuditEntry
{
    /// <summary>When the channel was written (to the second, by its commit); of a freeze, when it was said.</summary>
    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    /// <summary>"promote", "rollback", "freeze", "lift".</summary>
    public required string Action { get; init; }

    public required string Environment { get; init; }

    public string? Model { get; init; }

    public Sha256Digest? Release { get; init; }

    public string? Version { get; init; }

    public Sha256Digest? PromotionId { get; init; }

    public long? Sequence { get; init; }

    /// <summary>Logins of people other than the author who had approved this very release; null where nobody was asked.</summary>
    public IReadOnlyList<string>? Approvers { get; init; }

    /// <summary>The pull request that brought it; null where there was none, or no forge to ask.</summary>
    public int? PullRequest { get; init; }

    /// <summary>The commit of the model repository.</summary>
    public string? Source { get; init; }

    public string? Reason { get; init; }

    /// <summary>SHA-256 of the line before, without its line break; zeros for the first.</summary>
    [JsonPropertyName("previousLineSha256")]
    public Sha256Digest PreviousLine { get; init; }
}
