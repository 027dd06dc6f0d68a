namespace Ci.Statistics;

/// <summary>The outcome of a test on two samples of categories.</summary>
/// <param name="Distance">The total variation, half the sum of |share − share|: the share of rows that would have to change their category. From 0 to 1.</param>
/// <param name="Statistic">Pearson's chi-square.</param>
/// <param name="Freedom">Its degrees of freedom; 0 where there is but one category.</param>
/// <param name="P">How often two samples of one distribution would differ at least so much.</param>
/// <param name="First">Independent rows of the reference.</param>
/// <param name="Second">Independent rows of the other sample.</param>
public sealed record CategoryTest(double Distance, double Statistic, int Freedom, double P, double First, double Second);
