namespace Ci.Statistics;

/// <summary>The outcome of a test on two samples.</summary>
/// <param name="Statistic">The test's statistic.</param>
/// <param name="P">How often two samples of one distribution would differ at least so much.</param>
public sealed record DriftTest(double Statistic, double P);
