using Ci.Onnx;

namespace Ci.Evaluation;

/// <summary>How long single-row calls take, on one thread and prepared buffers, as a device would serve them.</summary>
internal static class LatencyProbe
{
    private const int WarmUp = 20;
    private const int MostRuns = 500;

    /// <summary>Beyond this the median is known well enough, and a pull request's author is waiting.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(400);

    public static LatencyFacts Measure(OnnxSession session, ReadOnlySpan<float> row, TimeProvider time)
    {
        using var binding = session.Bind(1, new Dictionary<string, long[]>(StringComparer.Ordinal) { [session.Inputs[0].Name] = [1, row.Length] });
        Fill(session, binding, row);
        for (var i = 0; i < WarmUp; i++)
            binding.Run();
        var milliseconds = new List<double>(MostRuns);
        var began = time.GetTimestamp();
        while (milliseconds.Count < MostRuns && (milliseconds.Count < WarmUp || time.GetElapsedTime(began) < Enough))
        {
            var from = time.GetTimestamp();
            binding.Run();
            milliseconds.Add(time.GetElapsedTime(from).TotalMilliseconds);
        }

        milliseconds.Sort();
        return new LatencyFacts(At(milliseconds, 0.5), At(milliseconds, 0.95), 1, milliseconds.Count)
        {
            P99Ms = At(milliseconds, 0.99),
            QuantilesMs = [.. Enumerable.Range(0, LatencyFacts.Quantiles).Select(i => At(milliseconds, (i + 0.5) / LatencyFacts.Quantiles))],
        };
    }

    private static void Fill(OnnxSession session, SessionBinding binding, ReadOnlySpan<float> row)
    {
        if (session.Inputs[0].ElementType == OnnxElementType.Float)
        {
            row.CopyTo(binding.Input<float>(0));
            return;
        }

        var input = binding.Input<double>(0);
        for (var i = 0; i < row.Length; i++)
            input[i] = row[i];
    }

    /// <summary>Nearest rank, in steps of 0.1 µs: more digits would be noise.</summary>
    private static double At(List<double> sorted, double q) => Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(q * sorted.Count) - 1)], 4);
}
