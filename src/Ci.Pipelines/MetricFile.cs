namespace Ci.Pipelines;

/// <summary>What one file of metrics holds, or why that is not known.</summary>
/// <param name="Path">From the project's root.</param>
/// <param name="Values">Its metrics; none when it could not be read.</param>
/// <param name="Problem">Why it could not be read; null when it was.</param>
public sealed record MetricFile(string Path, object Values, string? Problem)
{
    /// <summary>There is no such file, or its bytes are not here; otherwise it is not what its name says.</summary>
    public bool IsAbsent { get; init; }
}
