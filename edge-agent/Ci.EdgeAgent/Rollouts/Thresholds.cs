using Ci.Statistics;

namespace Ci.EdgeAgent.Rollouts;

/// <summary>Where the incumbent's own answers lie. Taken from its past alone, so that no event of a block can have moved the mark it is measured against.</summary>
internal sealed record Thresholds(double MedianMs, double TailMs, double Low, double High)
{
    /// <summary>Before so many answers of the incumbent there are no marks.</summary>
    public const int LeastCalls = 50;

    /// <summary>Not known yet: nothing lies beyond.</summary>
    public static readonly Thresholds Unknown = new(double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The candidate's marks: a little slower is fine.</summary>
    public Thresholds Allowing(double slowdown, double milliseconds) => this with
    {
        MedianMs = (MedianMs * (1 + slowdown)) + milliseconds,
        TailMs = (TailMs * (1 + slowdown)) + milliseconds,
    };

    public static Thresholds Of(QuantileSketch latency, QuantileSketch score) => latency.Count < LeastCalls
        ? Unknown
        : new Thresholds(
            latency.Quantile(0.5),
            latency.Quantile(0.95),
            score.Count < LeastCalls ? double.NegativeInfinity : Beyond(score, 0.1, -1),
            score.Count < LeastCalls ? double.PositiveInfinity : Beyond(score, 0.9, 1));

    // A sketch's quantile may miss the true one by its error. A model that answers the same nearly always would then lie beyond its own mark, and
    // no candidate could lie further.
    private static double Beyond(QuantileSketch score, double rank, int direction)
    {
        var quantile = score.Quantile(rank);
        return quantile + (direction * Math.Abs(quantile) * 2 * score.RelativeError);
    }
}
