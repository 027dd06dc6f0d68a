namespace Ci.EdgeAgent.Generations;

/// <summary>
/// How long a model may run for one request. One look at all running calls from time to time, only while some run: a call itself pays for two
/// exchanges of a number.
/// </summary>
internal sealed class RunLimit : IDisposable
{
    private static readonly TimeSpan LongestPace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPace = TimeSpan.FromMilliseconds(10);
    private readonly Lock gate = new();
    private readonly HashSet<LimitedCaller> callers = [];
    private readonly TimeSpan pace;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private int armed;

    /// <summary>Looks at nothing until a run begins.</summary>
    /// <param name="most">What one run may take; it ends by a tenth of it (a second at most) later.</param>
    /// <param name="time">The clock.</param>
    public RunLimit(TimeSpan most, TimeProvider time)
    {
        (Most, this.time) = (most, time);
        var tenth = most / 10;
        pace = tenth > LongestPace ? LongestPace : tenth < ShortestPace ? ShortestPace : tenth;
        timer = time.CreateTimer(static limit => ((RunLimit)limit!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Most { get; }

    /// <summary>A timestamp; never a word of <see cref="LimitedCaller"/>'s.</summary>
    public long Now => Math.Max(1, time.GetTimestamp());

    public void Add(LimitedCaller caller)
    {
        lock (gate)
            callers.Add(caller);
    }

    public void Remove(LimitedCaller caller)
    {
        lock (gate)
            callers.Remove(caller);
    }

    /// <summary>A run has begun, and its caller says so already.</summary>
    public void Begun()
    {
        if (Volatile.Read(ref armed) == 0 && Interlocked.Exchange(ref armed, 1) == 0)
            timer.Change(pace, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        // Whoever begins from here on arms it again; whoever began before is seen below.
        Interlocked.Exchange(ref armed, 0);
        var running = false;
        var isTooLong = (long since) => time.GetElapsedTime(since) > Most;
        lock (gate)
        {
            foreach (var caller in callers)
                running |= caller.IsRunning(isTooLong);
        }

        if (running)
            Begun();
    }
}
