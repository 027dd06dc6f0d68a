using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Isolation;

/// <summary>One life of a child: its process and the connections to it that are free.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>The child ends a run that takes too long by itself; so much later it is taken for dead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(10);
    private readonly ConcurrentBag<Frames> free = [];
    private readonly Process process;
    private readonly string socket;
    private readonly TimeSpan patience;
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int inside = 1;
    private int ended;

    private ChildProcess(Process process, string socket, TimeSpan patience) => (this.process, this.socket, this.patience) = (process, socket, patience);

    public ChildHello Hello { get; private set; } = new();

    public bool IsAlive => Volatile.Read(ref ended) == 0 && !process.HasExited;

    public int ProcessId => process.Id;

    /// <summary>Connections that no call uses now.</summary>
    public int Connections => free.Count;

    /// <summary>Returns when the model is loaded.</summary>
    /// <param name="start">How.</param>
    /// <param name="life">Which process of this model it is: 0 is the first.</param>
    /// <param name="isWaitedFor">Whether requests wait for it.</param>
    /// <exception cref="OnnxException">It does not load, or the process ended or kept silent.</exception>
    public static ChildProcess Start(ChildStart start, int life, bool isWaitedFor)
    {
        var path = start.SocketOf(life);
        File.Delete(path);
        var child = new ChildProcess(start.Begin(path), path, start.MostPerRun + Grace);

        // Starting a runtime takes a core for a while, which requests may need.
        if (!isWaitedFor && Niceness.MayReturn)
            Niceness.GiveWay(child.ProcessId);
        try
        {
            var began = start.Time.GetTimestamp();
            while (!child.TryGreet())
            {
                if (child.process.WaitForExit(Retry))
                    throw new OnnxException($"the model's process ended with code {child.process.ExitCode} while loading");
                if (start.Time.GetElapsedTime(began) > StartPatience)
                    throw new OnnxException($"the model's process did not answer within {StartPatience.TotalSeconds:F0} s");
            }

            if (child.Hello.Error is { } error)
                throw new OnnxException(error);
            if (Niceness.MayReturn)
                Niceness.Return(child.ProcessId);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>A call begins; false where this process makes way for another one.</summary>
    public bool TryEnter()
    {
        for (var seen = Volatile.Read(ref inside); seen > 0;)
        {
            var before = Interlocked.CompareExchange(ref inside, seen + 1, seen);
            if (before == seen)
                return true;
            seen = before;
        }

        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref inside) == 0)
            drained.TrySetResult();
    }

    /// <summary>No call enters from here on; returns when the last one left, or has had more time than any call may take. Once.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        Leave();
        try
        {
            await drained.Task.WaitAsync(patience, ct);
        }
        catch (TimeoutException)
        {
            // Stuck: it ends with its process.
        }
    }

    /// <summary>A connection for one caller at a time; given back, or disposed after an error.</summary>
    /// <exception cref="SocketException">The child is gone.</exception>
    public Frames Rent() => free.TryTake(out var kept) ? kept : Connect().Frames;

    public void GiveBack(Frames frames) => free.Add(frames);

    /// <summary>Keeps so many connections ready, each with its thread on the other side.</summary>
    /// <exception cref="SocketException">The child is gone.</exception>
    public void Open(int connections)
    {
        while (free.Count < connections)
            GiveBack(Connect().Frames);
    }

    /// <summary>Asks for a sign of life: the most memory that it ever held, and what it holds now, in bytes. Null where none came.</summary>
    public (long Peak, long Now)? Beat()
    {
        try
        {
            var frames = Rent();
            frames.Begin();
            frames.Send(Frames.Ping);
            var body = frames.Receive().Body.Span;
            var (peak, now) = (BinaryPrimitives.ReadInt64LittleEndian(body), BinaryPrimitives.ReadInt64LittleEndian(body[sizeof(long)..]));
            GiveBack(frames);
            return (peak, now);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref ended, 1) == 1)
            return;
        while (free.TryTake(out var frames))
            frames.Dispose();
        try
        {
            // Nothing it could save: its memory goes back to the system at once.
            process.Kill();
            process.WaitForExit();
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It had ended already.
        }

        process.Dispose();
        File.Delete(socket);
    }

    private bool TryGreet()
    {
        try
        {
            var (frames, hello) = Connect();
            Hello = hello;
            GiveBack(frames);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private (Frames Frames, ChildHello Hello) Connect()
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)patience.TotalMilliseconds,
            SendTimeout = (int)patience.TotalMilliseconds,
        };
        var frames = new Frames(connection);
        try
        {
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            var hello = JsonSerializer.Deserialize(frames.Receive().Body.Span, AgentJson.Default.ChildHello) ?? new ChildHello { Error = "it said nothing" };
            return (frames, hello);
        }
        catch
        {
            frames.Dispose();
            throw;
        }
    }
}
