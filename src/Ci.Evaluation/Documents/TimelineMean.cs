namespace Ci.Evaluation;

/// <summary>Means over the <paramref name="Rows"/> rows whose key lies in the span that begins at <paramref name="From"/> (UTC), in the target's unit.</summary>
public sealed record TimelineMean(DateTimeOffset From, int Rows, double Target, double Prediction);
