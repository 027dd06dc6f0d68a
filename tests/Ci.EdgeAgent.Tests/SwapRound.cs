namespace Ci.EdgeAgent.Tests;

/// <summary>A stretch of swapping and one of the same length without, one after the other: what requests took in each, in milliseconds.</summary>
internal sealed record SwapRound(int Requests, double SteadyP50, double SteadyP99, double SwappingP50, double SwappingP99)
{
    public static SwapRound Of(IReadOnlyList<double> steady, IReadOnlyList<double> swapping) => new(
        steady.Count + swapping.Count,
        SwapFigures.Quantile(steady, 0.5),
        SwapFigures.Quantile(steady, 0.99),
        SwapFigures.Quantile(swapping, 0.5),
        SwapFigures.Quantile(swapping, 0.99));
}
