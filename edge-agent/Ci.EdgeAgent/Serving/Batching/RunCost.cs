namespace Ci.EdgeAgent.Serving.Batching;

/// <summary>
/// What one run costs, learned from the runs themselves. Joining saves a request at most a run, and costs it a queue, a wake-up and another thread: where a
/// run is cheaper than that, joining can only lose. Races between callers lose a sample and nothing else.
/// </summary>
internal sealed class RunCost(TimeProvider time)
{
    /// <summary>What joining costs a request, roughly; measured by <c>bench serving</c> as 10 to 40 µs on two processors.</summary>
    private const double JoiningMicroseconds = 50;

    private const double Weight = 1 / 8.0;
    private double microseconds = double.NaN;

    /// <summary>A run is known to be cheaper than joining.</summary>
    public bool IsLight => Volatile.Read(ref microseconds) < JoiningMicroseconds;

    public long Begin() => time.GetTimestamp();

    /// <summary>A run ended, of one request or of several (which is no less than one alone costs).</summary>
    public void End(long began)
    {
        var (took, known) = (time.GetElapsedTime(began).TotalMicroseconds, Volatile.Read(ref microseconds));
        Volatile.Write(ref microseconds, double.IsNaN(known) ? took : known + (Weight * (Math.Min(took, 100 * JoiningMicroseconds) - known)));
    }
}
