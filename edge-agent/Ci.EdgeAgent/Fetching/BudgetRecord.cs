namespace Ci.EdgeAgent.Fetching;

/// <summary>The file <c>data/fetch.json</c>: what was received on a day.</summary>
internal sealed record BudgetRecord(DateOnly Day, long Bytes);
