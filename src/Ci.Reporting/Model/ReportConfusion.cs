namespace Ci.Reporting;

/// <summary>How often each true class (row) was given each class (column); at most 30 classes.</summary>
public sealed record ReportConfusion
{
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Row-major counts: <c>Counts[actual * Labels.Count + predicted]</c>.</summary>
    public required IReadOnlyList<int> Counts { get; init; }
}
