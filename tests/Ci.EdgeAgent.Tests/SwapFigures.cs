using System.Globalization;

namespace Ci.EdgeAgent.Tests;

/// <summary>What a run of <see cref="SwapLoad"/> measured; memory in bytes after every round.</summary>
internal sealed record SwapFigures(int Swaps, IReadOnlyList<double> SteadyMs, IReadOnlyList<double> SwappingMs, int Failed, IReadOnlyList<double> PausesMs, IReadOnlyList<long> Memory)
{
    public double LongestPauseMs => PausesMs.Max();

    public double SteadyP99 => Quantile(SteadyMs, 0.99);

    public double SwappingP99 => Quantile(SwappingMs, 0.99);

    public double Ratio => SwappingP99 / SteadyP99;

    /// <summary>Megabytes that the rounds after the first added.</summary>
    public double GrowthMb => (Memory[^1] - Memory[0]) / 1e6;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Swaps} swaps, {SteadyMs.Count + SwappingMs.Count} requests, {Failed} failed; p50 {Quantile(SteadyMs, 0.5):F2} ms steady, {Quantile(SwappingMs, 0.5):F2} swapping; p99 {SteadyP99:F2} ms steady, {SwappingP99:F2} swapping (ratio {Ratio:F2}); longest pause {LongestPauseMs:F3} ms; resident {string.Join(", ", Memory.Select(m => (m / 1e6).ToString("F1", CultureInfo.InvariantCulture)))} MB (growth {GrowthMb:F1})");

    public static double Quantile(IReadOnlyList<double> values, double quantile)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(quantile * sorted.Count) - 1)];
    }
}
