namespace Ci.Reporting;

/// <summary>Where the report comes from.</summary>
public sealed record ReportLineage
{
    public string? Repository { get; init; }

    public string? Commit { get; init; }

    public string? Branch { get; init; }

    public string? RunUrl { get; init; }

    /// <summary>The fork ("owner/name") whose job measured all this; null where a job of the repository itself did. A job that trusts nobody sets it.</summary>
    public string? MeasuredBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Which mlops wrote this.</summary>
    public required string Version { get; init; }
}
