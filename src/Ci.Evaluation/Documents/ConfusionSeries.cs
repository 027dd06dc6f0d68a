namespace Ci.Evaluation;

/// <summary>Row-major counts: <c>Counts[truth * Labels.Count + label]</c>.</summary>
public sealed record ConfusionSeries(IReadOnlyList<string> Labels, IReadOnlyList<int> Counts);
