namespace Ci.Statistics;

/// <summary>The outcome of a test on paired rows.</summary>
/// <param name="Statistic">The test's statistic; its sign is that of first − second.</param>
/// <param name="P">Two-sided: how often no difference at all would show at least so much.</param>
/// <param name="Method">The test and what it assumes, in words.</param>
public sealed record PairedTest(double Statistic, double P, string Method);
