namespace Ci.Reporting;

/// <summary>Where the report comes from.</summary>
public sealed record ReportLineage
{
    public string? Repository { get; init; }

    public string? Commit { get; init; }

    public string? Branch { get; init; }

    public string? RunUrl { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Which mlops wrote this.</summary>
    public required string Version { get; init; }
}
