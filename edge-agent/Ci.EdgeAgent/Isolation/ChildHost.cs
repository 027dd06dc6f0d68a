using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Isolation;

/// <summary>
/// The child's side: loads one model, then answers on every connection with a thread of its own. It ends when its standard input does,
/// which is when the agent ends, however that came about.
/// </summary>
internal static class ChildHost
{
    /// <summary>Serves until the agent is gone.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string socketPath, Func<IModelInstance> load, CancellationToken ct)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socketPath));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(512);
        var parent = WatchParentAsync(ct);
        var (hello, instance) = await QuietThread.RunAsync(() => Load(load));
        var accepting = AcceptAsync(listener, hello, instance, ct);
        await Task.WhenAny(parent, accepting);
        return 0;
    }

    private static (ChildHello Hello, IModelInstance? Instance) Load(Func<IModelInstance> load)
    {
        try
        {
            var instance = load();
            return (new ChildHello
            {
                Provider = instance.Provider,
                ProviderFallback = instance.ProviderFallbackReason,
                Inputs = [.. instance.Inputs.Select(ChildTensor.Of)],
                Outputs = [.. instance.Outputs.Select(ChildTensor.Of)],
                Metadata = instance.Metadata,
            }, instance);
        }
        catch (Exception error) when (error is OnnxException or IOException or UnauthorizedAccessException)
        {
            return (new ChildHello { Error = error.Message }, null);
        }
    }

    private static async Task WatchParentAsync(CancellationToken ct)
    {
        await using var input = Console.OpenStandardInput();
        while (await input.ReadAsync(new byte[16], ct) > 0)
        {
        }
    }

    private static async Task AcceptAsync(Socket listener, ChildHello hello, IModelInstance? instance, CancellationToken ct)
    {
        while (true)
        {
            var socket = await listener.AcceptAsync(ct);
            new Thread(() => Serve(socket, hello, instance)) { IsBackground = true, Name = "caller" }.Start();
        }
    }

    private static void Serve(Socket socket, ChildHello hello, IModelInstance? instance)
    {
        using var frames = new Frames(socket);
        try
        {
            frames.Begin().Write(JsonSerializer.SerializeToUtf8Bytes(hello, AgentJson.Default.ChildHello));
            frames.Send(Frames.Done);
            if (instance is null)
                return;
            using var caller = instance.NewCaller();
            while (true)
                Answer(frames, instance, caller);
        }
        catch (SocketException)
        {
            // The agent closed this way in.
        }
    }

    private static void Answer(Frames frames, IModelInstance instance, IModelCaller caller)
    {
        var (kind, body) = frames.Receive();
        var to = frames.Begin();
        if (kind == Frames.Ping)
        {
            foreach (var bytes in (ReadOnlySpan<long>)[ProcessMemory.PeakBytes(), Environment.WorkingSet])
            {
                BinaryPrimitives.WriteInt64LittleEndian(to.GetSpan(sizeof(long)), bytes);
                to.Advance(sizeof(long));
            }

            frames.Send(Frames.Done);
            return;
        }

        try
        {
            foreach (var output in caller.Run(ReadInputs(body.Span, instance.Inputs)))
                ValueWire.Write(to, output);
            frames.Send(Frames.Done);
        }
        catch (OnnxException error)
        {
            frames.Begin().Write(Encoding.UTF8.GetBytes(error.Message));
            frames.Send(error is RunCutShortException ? Frames.CutShort : Frames.Failed);
        }
    }

    private static OnnxValue[] ReadInputs(ReadOnlySpan<byte> body, IReadOnlyList<TensorInfo> declared)
    {
        var values = new OnnxValue[declared.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = ValueWire.Read(ref body, declared[i].Name);
        return values;
    }
}
