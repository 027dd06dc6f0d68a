namespace Ci.Evaluation;

/// <summary>The area under a curve, with its interval where one could be had.</summary>
public sealed record CurveArea(double Value, double? Low = null, double? High = null);
