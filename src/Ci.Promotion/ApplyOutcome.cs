using Ci.Releases;

namespace Ci.Promotion;

/// <summary>What applying a promotion (or rolling one back) came to.</summary>
public sealed record ApplyOutcome
{
    public required string Environment { get; init; }

    public required string Model { get; init; }

    public required Sha256Digest Release { get; init; }

    public required string Version { get; init; }

    public required Sha256Digest PromotionId { get; init; }

    /// <summary>The channel's sequence.</summary>
    public required long Sequence { get; init; }

    /// <summary>The channel had been written before; only what was missing behind it was added.</summary>
    public bool AlreadyApplied { get; init; }

    /// <summary>The tags that were made.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What a person may want to know; nothing that failed the promotion.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
