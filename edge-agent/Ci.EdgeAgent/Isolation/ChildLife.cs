using System.ComponentModel;
using Ci.Onnx;

namespace Ci.EdgeAgent.Isolation;

/// <summary>
/// Keeps one process of a model alive, whichever it is: one that ends is followed by another, at once the first time and with growing pauses after; one
/// that holds more memory than it may makes way for a fresh one, and no call is lost.
/// </summary>
internal sealed class ChildLife : IDisposable
{
    private static readonly TimeSpan HeartbeatPace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RestartPatience = TimeSpan.FromSeconds(5);

    /// <summary>A fresh process that grows beyond its limit sooner than this does not leak slowly: the limit is too low, or the model too large.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(60);
    private readonly ChildStart start;
    private readonly CancellationTokenSource stop = new();
    private readonly Task heart;
    private TaskCompletionSource<ChildProcess> current = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? renewed;
    private int lives;
    private int crashes;
    private int renewals;
    private long peak;
    private long most = long.MaxValue;

    public ChildLife(ChildStart start)
    {
        this.start = start;
        var first = ChildProcess.Start(start, 0, isWaitedFor: false);
        Hello = first.Hello;
        current.SetResult(first);
        peak = first.Beat()?.Peak ?? 0;
        heart = Task.Run(BeatAsync);
    }

    public ChildHello Hello { get; }

    /// <summary>How often it ended by itself, or outgrew its memory right after it was begun anew for that.</summary>
    public int Crashes => Volatile.Read(ref crashes);

    /// <summary>How often it made way for a fresh one because it held too much memory.</summary>
    public int Renewals => Volatile.Read(ref renewals);

    /// <summary>The process now; null while there is none.</summary>
    public ChildProcess? Now => Volatile.Read(ref current).Task is { IsCompletedSuccessfully: true } living ? living.Result : null;

    public long PeakBytes
    {
        get
        {
            if (Now?.Beat() is { } beat)
                Volatile.Write(ref peak, Math.Max(beat.Peak, Volatile.Read(ref peak)));
            return Volatile.Read(ref peak);
        }
    }

    /// <summary>Resident bytes beyond which a process makes way for a fresh one.</summary>
    public void LimitMemory(long bytes) => Volatile.Write(ref most, bytes);

    /// <summary>The living process, entered: leave it. Waits a little while there is none.</summary>
    /// <exception cref="OnnxException">It is still being started again.</exception>
    public ChildProcess Enter()
    {
        while (true)
        {
            var living = Volatile.Read(ref current).Task;
            if (!living.IsCompletedSuccessfully && !living.Wait(RestartPatience))
                throw new OnnxException("the model's process ended and is being started again");
            if (living.Result.TryEnter())
                return living.Result;

            // It made way for another between the two lines.
            Thread.Yield();
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        heart.GetAwaiter().GetResult();
        Now?.Dispose();
        stop.Dispose();
    }

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                var child = await Volatile.Read(ref current).Task;
                await ExitOrPauseAsync(child);
                if (child.IsAlive && await Task.Run(child.Beat).WaitAsync(stop.Token) is { } beat)
                {
                    Volatile.Write(ref peak, Math.Max(beat.Peak, Volatile.Read(ref peak)));
                    if (beat.Now > Volatile.Read(ref most))
                        await RenewAsync(child);
                }
                else if (!stop.IsCancellationRequested)
                {
                    await StartAgainAsync(child);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The generation is given up.
        }
    }

    private async Task ExitOrPauseAsync(ChildProcess child)
    {
        // Short looks, so that a crash is answered at once and not at the next heartbeat.
        for (var waited = TimeSpan.Zero; waited < HeartbeatPace && child.IsAlive; waited += FirstPause)
            await Task.Delay(FirstPause, start.Time, stop.Token);
        stop.Token.ThrowIfCancellationRequested();
    }

    /// <summary>A fresh process takes over; the grown one answers what it was asked and ends. Where two do not fit, calls wait for the fresh one.</summary>
    private async Task RenewAsync(ChildProcess grown)
    {
        if (renewed is { } before && start.Time.GetElapsedTime(before) < AtOnce)
            Interlocked.Increment(ref crashes);
        renewed = start.Time.GetTimestamp();
        if (!start.TwoFit)
        {
            var next = Pending();
            await grown.DrainAsync(stop.Token);
            await StartAsync(next, grown);
            Interlocked.Increment(ref renewals);
            return;
        }

        try
        {
            var fresh = await Task.Run(() => ChildProcess.Start(start, Interlocked.Increment(ref lives), isWaitedFor: false), stop.Token);
            fresh.Open(grown.Connections);
            Pending().SetResult(fresh);
            Interlocked.Increment(ref renewals);
            await grown.DrainAsync(stop.Token);
            grown.Dispose();
        }
        catch (Exception error) when (IsFailure(error))
        {
            // The grown one serves on, and the next heartbeat tries again.
        }
    }

    private Task StartAgainAsync(ChildProcess gone)
    {
        Interlocked.Increment(ref crashes);
        return StartAsync(Pending(), gone);
    }

    private TaskCompletionSource<ChildProcess> Pending()
    {
        var next = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref current, next);
        return next;
    }

    private async Task StartAsync(TaskCompletionSource<ChildProcess> next, ChildProcess gone)
    {
        gone.Dispose();
        for (var pause = Crashes > 1 ? FirstPause : TimeSpan.Zero; ; pause = pause == TimeSpan.Zero ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, start.Time, stop.Token);
            try
            {
                next.SetResult(await Task.Run(() => ChildProcess.Start(start, Interlocked.Increment(ref lives), isWaitedFor: true), stop.Token));
                return;
            }
            catch (Exception error) when (IsFailure(error))
            {
                Interlocked.Increment(ref crashes); // Another end of the process.
            }
        }
    }

    private static bool IsFailure(Exception error) =>
        error is OnnxException or EdgeAgentException or Win32Exception or IOException or System.Net.Sockets.SocketException;
}
