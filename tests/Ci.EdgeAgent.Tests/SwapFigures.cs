using System.Globalization;

namespace Ci.EdgeAgent.Tests;

/// <summary>What a run of <see cref="SwapLoad"/> measured; memory in bytes after every round.</summary>
internal sealed record SwapFigures(int Swaps, IReadOnlyList<SwapRound> Rounds, int Failed, IReadOnlyList<double> PausesMs, IReadOnlyList<long> Memory)
{
    public long Requests => Rounds.Sum(r => (long)r.Requests);

    public double LongestPauseMs => PausesMs.Max();

    public double SteadyP50 => Median(Rounds.Select(r => r.SteadyP50));

    public double SwappingP50 => Median(Rounds.Select(r => r.SwappingP50));

    public double SteadyP99 => Median(Rounds.Select(r => r.SteadyP99));

    public double SwappingP99 => Median(Rounds.Select(r => r.SwappingP99));

    /// <summary>The median over the rounds: each round compares its own two halves, so neither drift nor one disturbed round decides.</summary>
    public double Ratio => RatioAt(0.5);

    /// <summary>Megabytes that the swaps after the first tenth add: the Theil–Sen slope (the median of the slopes of all pairs of rounds) times their number.</summary>
    public double GrowthMb
    {
        get
        {
            var first = Math.Max(1, Memory.Count / 10);
            var perSwap = from i in Enumerable.Range(first - 1, Memory.Count - first)
                          from j in Enumerable.Range(i + 1, Memory.Count - i - 1)
                          select (double)(Memory[j] - Memory[i]) / ((j - i) * (Swaps / Rounds.Count));
            return Median(perSwap) * (Swaps - (Swaps / 10)) / 1e6;
        }
    }

    /// <summary>The ratio of the two p99, as the rounds spread: 0 is the least, 1 the most.</summary>
    public double RatioAt(double quantile) => Quantile([.. Rounds.Select(r => r.SwappingP99 / r.SteadyP99)], quantile);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Swaps} swaps in {Rounds.Count} rounds, {Requests} requests, {Failed} failed; p50 {SteadyP50:F3} ms steady, {SwappingP50:F3} swapping; p99 {SteadyP99:F3} ms steady, {SwappingP99:F3} swapping (ratio {Ratio:F2}, quartiles {RatioAt(0.25):F2} to {RatioAt(0.75):F2}); longest pause {LongestPauseMs:F3} ms; resident {string.Join(", ", Memory.Select(m => (m / 1e6).ToString("F1", CultureInfo.InvariantCulture)))} MB (growth over the last nine tenths {GrowthMb:F1})");

    public static double Quantile(IReadOnlyList<double> values, double quantile)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Count) - 1, 0, sorted.Count - 1)];
    }

    private static double Median(IEnumerable<double> values) => Quantile([.. values], 0.5);
}
