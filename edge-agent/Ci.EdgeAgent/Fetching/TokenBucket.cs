namespace Ci.EdgeAgent.Fetching;

/// <summary>A rate of bytes that all downloads of the agent share: a second's worth may come at once, then they wait for each other.</summary>
internal sealed class TokenBucket(long bytesPerSecond, TimeProvider time)
{
    private readonly Lock gate = new();
    private double tokens = bytesPerSecond;
    private long filledAt = time.GetTimestamp();

    /// <summary>The most to ask for at a time, so that nobody waits for long at once.</summary>
    public int Portion { get; } = bytesPerSecond == 0 ? 1 << 16 : (int)Math.Clamp(bytesPerSecond / 4, 1, 1 << 16);

    /// <summary>Returns when so many bytes may have come.</summary>
    public Task TakeAsync(int bytes, CancellationToken ct)
    {
        if (bytesPerSecond == 0)
            return Task.CompletedTask;
        TimeSpan wait;
        lock (gate)
        {
            var now = time.GetTimestamp();
            tokens = Math.Min(bytesPerSecond, tokens + (time.GetElapsedTime(filledAt, now).TotalSeconds * bytesPerSecond));
            filledAt = now;
            tokens -= bytes;
            // Debt is allowed: who comes next waits for it, too, so the order of those who wait does not matter.
            wait = tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-tokens / bytesPerSecond);
        }

        return wait == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, ct);
    }
}
