namespace Ci.EdgeAgent.Serving;

/// <summary>How requests to one model ended since the agent started. Thread-safe.</summary>
internal sealed class RequestCounters
{
    private long ok;
    private long invalid;
    private long failed;
    private long shed;
    private long unready;
    private long late;
    private long gone;

    /// <summary>All requests that have ended.</summary>
    public long All => Ok + Invalid + FailedCount + Shed + Unready + Late + Gone;

    public long Ok => Interlocked.Read(ref ok);

    public long Invalid => Interlocked.Read(ref invalid);

    public long FailedCount => Interlocked.Read(ref failed);

    public long Shed => Interlocked.Read(ref shed);

    public long Unready => Interlocked.Read(ref unready);

    /// <summary>Requests whose time was over before a run began.</summary>
    public long Late => Interlocked.Read(ref late);

    /// <summary>Requests whose caller went away before an answer.</summary>
    public long Gone => Interlocked.Read(ref gone);

    public void CountOk() => Interlocked.Increment(ref ok);

    public void CountInvalid() => Interlocked.Increment(ref invalid);

    public void CountFailed() => Interlocked.Increment(ref failed);

    public void CountShed() => Interlocked.Increment(ref shed);

    public void CountUnready() => Interlocked.Increment(ref unready);

    public void CountLate() => Interlocked.Increment(ref late);

    public void CountGone() => Interlocked.Increment(ref gone);
}
