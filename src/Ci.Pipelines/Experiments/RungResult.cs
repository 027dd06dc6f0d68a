namespace Ci.Pipelines.Experiments;

/// <summary>What a trial reached with one budget.</summary>
/// <param name="Budget">The budget parameter's value.</param>
/// <param name="Value">The metric; null when it was not written or is no number.</param>
public sealed record RungResult(long Budget, double? Value);
