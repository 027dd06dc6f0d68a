using System.Net.Sockets;
using System.Text;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Isolation;

/// <summary>
/// A model in a process of its own. A crash fails the calls that were in it; the process is started again, at once the first time and with growing
/// pauses after, and calls meanwhile wait a little and then fail. What crashes too often is Soak's to judge (<see cref="Crashes"/>).
/// </summary>
internal sealed class ChildInstance : IModelInstance
{
    private static readonly TimeSpan HeartbeatPace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RestartPatience = TimeSpan.FromSeconds(5);
    private readonly ChildStart start;
    private readonly CancellationTokenSource stop = new();
    private readonly Task heart;
    private TaskCompletionSource<ChildProcess> current = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int crashes;
    private long peak;

    private ChildInstance(ChildStart start, ChildProcess first)
    {
        this.start = start;
        current.SetResult(first);
        (Inputs, Outputs) = ([.. first.Hello.Inputs.Select(t => t.ToInfo())], [.. first.Hello.Outputs.Select(t => t.ToInfo())]);
        (Metadata, Provider, ProviderFallbackReason) = (first.Hello.Metadata, first.Hello.Provider, first.Hello.ProviderFallback);
        peak = first.Beat() ?? 0;
        heart = Task.Run(BeatAsync);
    }

    public IReadOnlyList<TensorInfo> Inputs { get; }

    public IReadOnlyList<TensorInfo> Outputs { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public string Provider { get; }

    public string? ProviderFallbackReason { get; }

    public bool LivesElsewhere => true;

    public int Crashes => Volatile.Read(ref crashes);

    public long? PeakBytes
    {
        get
        {
            if (current.Task is { IsCompletedSuccessfully: true } living && living.Result.Beat() is { } now)
                Volatile.Write(ref peak, Math.Max(now, Volatile.Read(ref peak)));
            return Volatile.Read(ref peak);
        }
    }

    /// <summary>The process that it runs in now; null while there is none.</summary>
    public int? ProcessId => current.Task is { IsCompletedSuccessfully: true } living ? living.Result.ProcessId : null;

    public static ChildInstance Start(ChildStart start) => new(start, ChildProcess.Start(start, 0));

    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
    {
        var child = Living();
        Frames? frames = null;
        try
        {
            frames = child.Rent();
            var to = frames.Begin();
            foreach (var input in inputs)
                ValueWire.Write(to, input);
            frames.Send(Frames.Run);
            var (kind, body) = frames.Receive();
            var outputs = kind == Frames.Done ? Read(body.Span) : null;
            var message = kind is Frames.Failed or Frames.CutShort ? Encoding.UTF8.GetString(body.Span) : "it answered what is no answer";
            child.GiveBack(frames);
            return outputs ?? throw (kind == Frames.CutShort ? new RunCutShortException(message) : new OnnxException(message));
        }
        catch (SocketException error)
        {
            frames?.Dispose();
            throw new OnnxException($"the model's process ended or kept silent while it was asked ({error.SocketErrorCode})", error);
        }
    }

    public void Expect(int callers)
    {
        try
        {
            Living().Open(callers);
        }
        catch (Exception error) when (error is OnnxException or SocketException)
        {
            // Whoever asks hears it.
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        heart.GetAwaiter().GetResult();
        if (current.Task.IsCompletedSuccessfully)
            current.Task.Result.Dispose();
        stop.Dispose();
    }

    private OnnxValue[] Read(ReadOnlySpan<byte> body)
    {
        var values = new OnnxValue[Outputs.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = ValueWire.Read(ref body, Outputs[i].Name);
        return values;
    }

    private ChildProcess Living()
    {
        var living = Volatile.Read(ref current).Task;
        return living.IsCompletedSuccessfully || living.Wait(RestartPatience)
            ? living.Result
            : throw new OnnxException("the model's process ended and is being started again");
    }

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                var child = await current.Task;
                await ExitOrPauseAsync(child);
                if (child.IsAlive && await Task.Run(child.Beat).WaitAsync(stop.Token) is { } now)
                    Volatile.Write(ref peak, Math.Max(now, Volatile.Read(ref peak)));
                else if (!stop.IsCancellationRequested)
                    await StartAgainAsync(child);
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

    private async Task StartAgainAsync(ChildProcess gone)
    {
        var next = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref current, next);
        gone.Dispose();
        for (var pause = TimeSpan.Zero; ; pause = pause == TimeSpan.Zero ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var life = Interlocked.Increment(ref crashes);
            if (life > 1)
                await Task.Delay(pause, start.Time, stop.Token);
            try
            {
                next.SetResult(await Task.Run(() => ChildProcess.Start(start, life), stop.Token));
                return;
            }
            catch (Exception error) when (error is OnnxException or EdgeAgentException or System.ComponentModel.Win32Exception or IOException)
            {
                // Counted at the top: it is another end of the process.
            }
        }
    }
}
