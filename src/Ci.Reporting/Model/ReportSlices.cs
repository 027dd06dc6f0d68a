namespace Ci.Reporting;

/// <summary>All slices, measured with one metric in one unit. <see cref="Whole"/> is the difference over all rows.</summary>
public sealed record ReportSlices
{
    public required string Metric { get; init; }

    public string? Unit { get; init; }

    /// <summary>"lower" or "higher": which way is better.</summary>
    public string Direction { get; init => field = value ?? "lower"; } = "lower";

    /// <summary>How the differences' intervals were found, in words.</summary>
    public string? Method { get; init; }

    public ReportSlice? Whole { get; init; }

    public IReadOnlyList<ReportSlice> Rows { get; init => field = value ?? []; } = [];
}
