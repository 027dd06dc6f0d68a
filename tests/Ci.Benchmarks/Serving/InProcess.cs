using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Serving;
using Ci.Onnx;
using Ci.Testing;

namespace Ci.Benchmarks.Serving;

/// <summary>What the agent adds to the bare session, without another process: decoding and encoding, and then the whole listener.</summary>
internal static class InProcess
{
    private const int WarmUp = 5000;
    private const int Calls = 20_000;

    public static async Task<JsonObject> MeasureAsync(BenchmarkDeployment deployment)
    {
        using var session = OnnxSession.Load(OnnxRuntime.Load(null, OnnxRuntimeLibrary.Environment), deployment.ModelFile);
        using var binding = session.Bind();
        var bare = Time(binding.Run);
        using var instance = new OnnxInstance(session);
        using var call = new InferenceCall(instance.Inputs, instance.Outputs, new OnnxCaller(session));
        var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(deployment.RequestBody));
        var codec = Time(() =>
        {
            InferenceRequestReader.Read(body, call);
            InferenceResponseWriter.Write("bench", "1.0.0", call, call.Run());
        });
        var whole = await WholeAsync(deployment);
        return new JsonObject
        {
            ["bareP50Us"] = bare.P50, ["callP50Us"] = codec.P50, ["callOverheadP50Us"] = codec.P50 - bare.P50, ["callBytes"] = codec.Bytes,
            ["loopbackP50Us"] = whole.P50, ["loopbackBytes"] = whole.Bytes,
        };
    }

    private static async Task<(double P50, double Bytes)> WholeAsync(BenchmarkDeployment deployment)
    {
        var configuration = AgentConfigurationFile.Read(deployment.Configuration("in-process"), new Dictionary<string, string>());
        await using var agent = await Agent.StartAsync(configuration, new AgentWorld { Environment = new Dictionary<string, string>(), Log = TextWriter.Null }, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var loop = Task.Run(() => agent.RunAsync(stop.Token));
        while (agent.Status().Models[0].Serving is null)
            await Task.Delay(20);
        var address = new Uri(agent.Address);
        var result = Exchange(address, LoadGenerator.Request(address, deployment.InferPath, deployment.RequestBody));
        await stop.CancelAsync();
        await loop;
        return result;
    }

    /// <summary>One blocking client, which itself allocates nothing, so that all bytes are the agent's.</summary>
    private static (double P50, double Bytes) Exchange(Uri address, byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, address.Port);
        var buffer = new byte[65536];
        return Time(() =>
        {
            socket.Send(request);
            for (var filled = 0; LoadGenerator.AnswerLength(buffer.AsSpan(0, filled)) == 0;)
                filled += socket.Receive(buffer.AsSpan(filled));
        });
    }

    private static (double P50, double Bytes) Time(Action call)
    {
        var ticks = new long[Calls];
        for (var i = 0; i < WarmUp; i++)
            call();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            call();
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }

        var bytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Calls;
        Array.Sort(ticks);
        return (ticks[Calls / 2] * 1e6 / Stopwatch.Frequency, bytes);
    }
}
