namespace Ci.EdgeAgent.Serving;

/// <summary>How requests to one model ended since the agent started. Thread-safe.</summary>
internal sealed class RequestCounters
{
    private long ok;
    private long invalid;
    private long failed;
    private long shed;
    private long unready;

    public long Ok => Interlocked.Read(ref ok);

    public long Invalid => Interlocked.Read(ref invalid);

    public long FailedCount => Interlocked.Read(ref failed);

    public long Shed => Interlocked.Read(ref shed);

    public long Unready => Interlocked.Read(ref unready);

    public void CountOk() => Interlocked.Increment(ref ok);

    public void CountInvalid() => Interlocked.Increment(ref invalid);

    public void CountFailed() => Interlocked.Increment(ref failed);

    public void CountShed() => Interlocked.Increment(ref shed);

    public void CountUnready() => Interlocked.Increment(ref unready);
}
