namespace Ci.Evaluation;

/// <summary>Means of target and prediction per span of <paramref name="Days"/> days.</summary>
public sealed record TimelineSeries(int Days, IReadOnlyList<TimelineMean> Points);
