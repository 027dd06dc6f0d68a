namespace Ci.Reporting;

/// <summary>One metric over the commits that measured it, oldest first; the last is the candidate.</summary>
public sealed record ReportHistory
{
    public const int MostPoints = 200;

    public required string Metric { get; init; }

    public string? Unit { get; init; }

    /// <summary>"lower" or "higher" is better; null where neither is.</summary>
    public string? Direction { get; init; }

    public required IReadOnlyList<HistoryPoint> Points { get; init; }
}
