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
    private int ended;

    private ChildProcess(Process process, string socket, TimeSpan patience) => (this.process, this.socket, this.patience) = (process, socket, patience);

    public ChildHello Hello { get; private set; } = new();

    public bool IsAlive => Volatile.Read(ref ended) == 0 && !process.HasExited;

    public int ProcessId => process.Id;

    /// <summary>Returns when the model is loaded.</summary>
    /// <exception cref="OnnxException">It does not load, or the process ended or kept silent.</exception>
    public static ChildProcess Start(ChildStart start, int life)
    {
        var path = start.SocketOf(life);
        File.Delete(path);
        var child = new ChildProcess(start.Begin(path), path, start.MostPerRun + Grace);

        // Starting a runtime takes a core for a while, which requests may need; a second life is what requests wait for.
        if (life == 0 && Niceness.MayReturn)
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

    /// <summary>Asks for a sign of life; the most memory that it ever held, or null where none came.</summary>
    public long? Beat()
    {
        try
        {
            var frames = Rent();
            frames.Begin();
            frames.Send(Frames.Ping);
            var bytes = BinaryPrimitives.ReadInt64LittleEndian(frames.Receive().Body.Span);
            GiveBack(frames);
            return bytes;
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
