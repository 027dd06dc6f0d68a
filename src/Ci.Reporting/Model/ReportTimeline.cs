namespace Ci.Reporting;

/// <summary>Means per span of <see cref="Days"/> days of what happened and what the models said.</summary>
public sealed record ReportTimeline
{
    public required int Days { get; init; }

    public required IReadOnlyList<TimelinePoint> Points { get; init; }
}
