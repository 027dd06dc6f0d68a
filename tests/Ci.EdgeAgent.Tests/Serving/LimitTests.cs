using System.Net;
using System.Net.Sockets;
using System.Text;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Updates;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests.Serving;

/// <summary>Callers that send too much, too slowly, or go away: each gets the code that says so, and everybody else is served.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private const string Path = $"/v2/models/{Deployment.Model}/infer";
    private readonly Deployment deployment = new();
    private readonly SlowLoader loader = new();
    private RunningAgent agent = null!;

    public async Task InitializeAsync()
    {
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var limits = new LimitsSettings { TimeoutSeconds = 1, HeaderSeconds = 1, MaxBufferedBytes = 65_536, MaxConnections = 40 };
        agent = await RunningAgent.StartAsync(deployment.Configure() with { MaxBodyBytes = 40_000, MaxConcurrency = 2, Limits = limits }, loader: _ => loader);
        await agent.ServesAsync("1.0.0");
    }

    public async Task DisposeAsync()
    {
        loader.Release.Set();
        await agent.DisposeAsync();
        deployment.Dispose();
    }

    [Fact]
    public async Task A_body_that_drips_is_408_and_the_connection_ends()
    {
        using var slow = await ConnectAsync();
        await slow.SendAsync(Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{{"));
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
        var answer = await ReadToEndAsync(slow);
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Contains("did not come within 1 s", answer, StringComparison.Ordinal);
        Assert.Contains("outcome=\"late\"} 1", await agent.Plain.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_drips_ends_and_others_are_served_meanwhile()
    {
        var dripping = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            dripping.Add(await ConnectAsync());
            await dripping[i].SendAsync("POST / HTTP/1.1\r\nHost:"u8.ToArray());
        }

        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
        foreach (var socket in dripping)
        {
            var answer = await ReadToEndAsync(socket);
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
            socket.Dispose();
        }
    }

    [Fact]
    public async Task More_connections_than_the_limit_are_closed_and_the_process_lives()
    {
        var sockets = new List<Socket>();
        for (var i = 0; i < 60; i++)
            sockets.Add(await ConnectAsync());
        Assert.Equal("", await ReadToEndAsync(sockets[^1]));
        sockets.ForEach(s => s.Dispose());
        Assert.True(await Support.EventuallyAsync(async () =>
        {
            try
            {
                return (await agent.Plain.GetAsync("/v2/health/live")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }));
    }

    [Fact]
    public async Task Too_many_at_once_are_429_with_Retry_After_and_too_many_bytes_at_once_503()
    {
        loader.Blocks = true;
        var running = Enumerable.Range(0, 2).Select(_ => agent.Plain.PostAsync(Path, new StringContent(Support.Request(30)))).ToList();
        Assert.True(await loader.Entered.WaitAsync(TimeSpan.FromSeconds(15)));
        Assert.True(await loader.Entered.WaitAsync(TimeSpan.FromSeconds(15)));
        using var third = await agent.Plain.PostAsync(Path, new StringContent(Support.Request(30)));
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), third.Headers.RetryAfter!.Delta);
        loader.Blocks = false;
        loader.Release.Set();
        Assert.All(await Task.WhenAll(running), r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));

        // Begun anew each time: the agent may not have read the first one's head yet, or have given it up already.
        Assert.True(await Support.EventuallyAsync(async () =>
        {
            using var first = await ConnectAsync();
            await first.SendAsync(Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: x\r\nContent-Length: 39000\r\n\r\n{{"));
            using var full = await agent.Plain.PostAsync(Path, new StringContent(new string(' ', 38_000) + Support.Request(30)));
            return full.StatusCode == HttpStatusCode.ServiceUnavailable && full.Headers.RetryAfter is not null;
        }));
        Assert.True(await Support.EventuallyAsync(async () => (await agent.InferAsync(Support.Request(30))).Status == 200));
    }

    [Fact]
    public async Task A_client_that_goes_away_before_its_turn_does_not_run_the_model()
    {
        var before = loader.Runs;
        for (var i = 0; i < 5; i++)
        {
            using var socket = await ConnectAsync();
            await socket.SendAsync(Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{{"));
        }

        Assert.True(await Support.EventuallyAsync(() => Task.FromResult(agent.Agent.Models[0].Served.Counters is var c && c.Gone + c.Invalid >= 5)));
        Assert.Equal(before, loader.Runs);
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
    }

    [Fact]
    public async Task One_connection_serves_many_requests_and_chunked_bodies_and_compressed_ones_are_told_apart()
    {
        using var socket = await ConnectAsync();
        var body = Support.Request(30);
        for (var i = 0; i < 3; i++)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 200", await ReadOnceAsync(socket), StringComparison.Ordinal);
        }

        using var compressed = new StringContent(body);
        compressed.Headers.ContentEncoding.Add("gzip");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await agent.Plain.PostAsync(Path, compressed)).StatusCode);
        using var large = new StringContent(new string(' ', 50_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await agent.Plain.PostAsync(Path, large)).StatusCode);
        Assert.Equal(0, agent.Agent.Models[0].Served.Counters.FailedCount);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(agent.Agent.Address).Port);
        return socket;
    }

    private static async Task<string> ReadOnceAsync(Socket socket)
    {
        var buffer = new byte[16_384];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        try
        {
            while (await socket.ReceiveAsync(buffer, enough.Token) is > 0 and var read)
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // Reset: it ended, too.
        }

        return text.ToString();
    }

    private sealed class SlowLoader : IModelLoader
    {
        private int runs;

        public bool Blocks { get; set; }

        public int Runs => Volatile.Read(ref runs);

        public SemaphoreSlim Entered { get; } = new(0);

        public ManualResetEventSlim Release { get; } = new();

        public string RuntimeVersion => Support.Runtime.Version;

        public IModelInstance Load(string path) => new Instance(this, new OnnxInstance(OnnxSession.Load(Support.Runtime, path)));

        private sealed class Instance(SlowLoader owner, IModelInstance inner) : IModelInstance
        {
            public IReadOnlyList<TensorInfo> Inputs => inner.Inputs;

            public IReadOnlyList<TensorInfo> Outputs => inner.Outputs;

            public IReadOnlyDictionary<string, string> Metadata => inner.Metadata;

            public string Provider => inner.Provider;

            public string? ProviderFallbackReason => inner.ProviderFallbackReason;

            public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
            {
                Interlocked.Increment(ref owner.runs);
                if (owner.Blocks)
                {
                    owner.Entered.Release();
                    owner.Release.Wait();
                }

                return inner.Run(inputs);
            }

            public void Dispose() => inner.Dispose();
        }
    }
}
