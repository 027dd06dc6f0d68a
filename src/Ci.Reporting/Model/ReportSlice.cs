namespace Ci.Reporting;

/// <summary>The deciding metric on one part of the evaluation rows. The difference is candidate minus baseline.</summary>
public sealed record ReportSlice
{
    public required string Name { get; init; }

    public required long Rows { get; init; }

    public required Measurement Candidate { get; init; }

    public Measurement? Baseline { get; init; }

    public Measurement? Difference { get; init; }
}
