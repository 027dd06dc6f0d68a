namespace Ci.Statistics.Tests;

/// <summary>What became of one statistic's intervals, as shares of all worlds.</summary>
/// <param name="Statistic">Its name.</param>
/// <param name="Covered">Intervals that hold the truth.</param>
/// <param name="Above">Intervals wholly above it: of a difference, the alarms over a candidate that is no worse.</param>
/// <param name="Below">Intervals wholly below it: of a difference, the passes of a candidate that is no better.</param>
/// <param name="Width">The mean width, where the errors' spread is about 1.</param>
internal sealed record Coverage(string Statistic, double Covered, double Above, double Below, double Width);
