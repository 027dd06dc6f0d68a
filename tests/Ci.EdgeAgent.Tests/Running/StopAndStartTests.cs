using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>The built program, stopped and started as a service manager does it.</summary>
public sealed class StopAndStartTests
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task It_serves_again_within_five_seconds_of_its_start_without_asking_any_network()
    {
        using var world = new TwoModels();
        var port = await WarmAsync(world);
        world.Deployment.HideRepository();
        var began = Stopwatch.GetTimestamp();
        using var process = SystemdTests.Start(world, Environment(port));
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            Assert.True(await Support.EventuallyAsync(async () => await InferAsync(http) == HttpStatusCode.OK));
            var took = Stopwatch.GetElapsedTime(began);
            Assert.True(took < LongestStart, string.Create(CultureInfo.InvariantCulture, $"it took {took.TotalSeconds:F1} s"));
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task A_request_under_way_is_answered_though_the_agent_is_asked_to_stop()
    {
        using var world = new TwoModels();
        var port = await WarmAsync(world);
        using var process = SystemdTests.Start(world, Environment(port));
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            Assert.True(await Support.EventuallyAsync(async () => await InferAsync(http) == HttpStatusCode.OK));
            using var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, port);
            var stream = connection.GetStream();
            var body = Encoding.UTF8.GetBytes(Support.Request(30));
            var head = Encoding.ASCII.GetBytes($"POST /v2/models/{TwoModels.First}/infer HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
            await stream.WriteAsync(head);
            await stream.WriteAsync(body.AsMemory(0, 100));
            await Task.Delay(200);
            SystemdTests.Terminate(process);
            Assert.True(await Support.EventuallyAsync(async () => !await AcceptsAsync(port)));
            await stream.WriteAsync(body.AsMemory(100));
            var buffer = new byte[256];
            var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    [Fact]
    public async Task A_request_that_never_ends_holds_the_stop_no_longer_than_the_limit()
    {
        using var world = new TwoModels();
        var port = await WarmAsync(world);
        var environment = Environment(port);
        environment["MLOPS_EDGE_HEALTH__DRAIN_SECONDS"] = "1";
        using var process = SystemdTests.Start(world, environment);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            Assert.True(await Support.EventuallyAsync(async () => await InferAsync(http) == HttpStatusCode.OK));
            using var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, port);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v2/models/{TwoModels.First}/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nx"));
            await Task.Delay(200);
            SystemdTests.Terminate(process);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(8));
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task Clients_that_ask_without_a_pause_lose_nothing_but_their_connection_when_it_stops(string signal)
    {
        using var world = new TwoModels();
        var port = await WarmAsync(world);
        using var process = SystemdTests.Start(world, Environment(port));
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            Assert.True(await Support.EventuallyAsync(async () => await InferAsync(http) == HttpStatusCode.OK));
            // One bare connection each: a library would hide a lost answer by asking again.
            var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(() => AskUntilToldToGoAsync(port))).ToList();
            await Task.Delay(500);
            using (var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            Assert.All(await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(10)), answered => Assert.True(answered > 10));
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    // How many requests were answered; throws where one was not, or the connection ended without a word.
    private static async Task<int> AskUntilToldToGoAsync(int port)
    {
        using var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(IPAddress.Loopback, port);
        var stream = connection.GetStream();
        var body = Support.Request(30);
        var request = Encoding.UTF8.GetBytes($"POST /v2/models/{TwoModels.First}/infer HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var buffer = new byte[4096];
        for (var answered = 1; ; answered++)
        {
            await stream.WriteAsync(request);
            var answer = "";
            while (!answer.EndsWith("]}]}", StringComparison.Ordinal))
            {
                var read = await stream.ReadAsync(buffer);
                Assert.True(read > 0, $"the connection ended after {answered - 1} answers and this: {answer}");
                answer += Encoding.UTF8.GetString(buffer, 0, read);
            }

            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
            if (answer.Contains("Connection: close", StringComparison.OrdinalIgnoreCase))
                return answered;
        }
    }

    private static async Task<int> WarmAsync(TwoModels world)
    {
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Dictionary<string, string> Environment(int port) => new() { ["MLOPS_EDGE_LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}") };

    private static async Task<HttpStatusCode?> InferAsync(HttpClient http)
    {
        try
        {
            using var body = new StringContent(Support.Request(30), Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync($"/v2/models/{TwoModels.First}/infer", body);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<bool> AcceptsAsync(int port)
    {
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
