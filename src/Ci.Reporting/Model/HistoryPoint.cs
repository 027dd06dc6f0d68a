namespace Ci.Reporting;

/// <summary>What one commit measured.</summary>
/// <param name="Value">The metric.</param>
/// <param name="Commit">Its id, full or shortened; null for what is not committed yet.</param>
/// <param name="At">When it was committed.</param>
/// <param name="Low">Its interval's lower end, where the evaluation is known.</param>
/// <param name="High">The upper end.</param>
/// <param name="OtherData">It was measured on other data than the candidate: the two cannot be told apart from a change of the data.</param>
/// <param name="Version">The version that the registry gave to it.</param>
public sealed record HistoryPoint(double Value, string? Commit = null, DateTimeOffset? At = null, double? Low = null, double? High = null, bool OtherData = false, string? Version = null);
