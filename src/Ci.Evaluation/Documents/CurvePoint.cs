namespace Ci.Evaluation;

/// <summary>One point of a curve.</summary>
public sealed record CurvePoint(double X, double Y);
