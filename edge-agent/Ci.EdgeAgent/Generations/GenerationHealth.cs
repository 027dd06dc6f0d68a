using Ci.Statistics;

namespace Ci.EdgeAgent.Generations;

/// <summary>What one generation has done so far: the evidence of Soak and of the status page. Thread-safe; nothing is allocated per request.</summary>
internal sealed class GenerationHealth
{
    private readonly Lock gate = new();
    private QuantileSketch latency = new();
    private long requests;
    private long errors;

    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Requests that failed through the model or the agent; a caller's own mistakes are not counted.</summary>
    public long Errors => Interlocked.Read(ref errors);

    public void Succeeded(double milliseconds)
    {
        Interlocked.Increment(ref requests);
        lock (gate)
            latency.Add(milliseconds);
    }

    public void Failed()
    {
        Interlocked.Increment(ref requests);
        Interlocked.Increment(ref errors);
    }

    /// <summary>A quantile of the latency in milliseconds; NaN before the first request.</summary>
    public double LatencyMs(double quantile)
    {
        lock (gate)
            return latency.Count == 0 ? double.NaN : latency.Quantile(quantile);
    }

    /// <summary>Begins counting anew: Soak judges what came after the swap, not the warm-up.</summary>
    public void Reset()
    {
        lock (gate)
            latency = new QuantileSketch();
        Interlocked.Exchange(ref requests, 0);
        Interlocked.Exchange(ref errors, 0);
    }
}
