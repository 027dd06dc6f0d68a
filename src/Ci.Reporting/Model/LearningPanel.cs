namespace Ci.Reporting;

/// <summary>The lines of one metric.</summary>
public sealed record LearningPanel
{
    public required string Metric { get; init; }

    public string? Unit { get; init; }

    public required IReadOnlyList<LearningLine> Lines { get; init; }
}
