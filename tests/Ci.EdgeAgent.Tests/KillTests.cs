using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Ci.EdgeAgent.Tests;

/// <summary>The real program, killed without warning while it updates, and stopped politely.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Killed_again_and_again_during_updates_it_always_comes_back_serving_and_arrives()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        deployment.Configure(soak: 0);
        var port = FreePort();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var agent = Start(deployment, port);
        try
        {
            Assert.True(await Support.EventuallyAsync(async () => await ServingAsync(http) == "1.0.0"));
            var random = new Random(7);
            for (var round = 0; round < 5; round++)
            {
                await deployment.PromoteAsync(deployment.Sign($"1.{round}.1", round % 2 == 0 ? "breast-mlp-cont.onnx" : "breast-mlp-base.onnx"), round + 2);
                await Task.Delay(random.Next(0, 350));
                await KillAsync(agent);
                agent = Start(deployment, port);
                // Before any network it serves again: the old or the new, never nothing.
                Assert.True(await Support.EventuallyAsync(async () => await ServingAsync(http) is not null));
                using var body = new StringContent(Support.Request(30), System.Text.Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync($"/v2/models/{Deployment.Model}/infer", body);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }

            Assert.True(await Support.EventuallyAsync(async () => await ServingAsync(http) == "1.4.1"));
        }
        finally
        {
            await KillAsync(agent);
        }
    }

    [Fact]
    public async Task SIGTERM_ends_it_in_good_order()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        deployment.Configure(soak: 0);
        var port = FreePort();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var agent = Start(deployment, port);
        try
        {
            Assert.True(await Support.EventuallyAsync(async () => await ServingAsync(http) == "1.0.0"));
            using (var term = Process.Start("kill", ["-TERM", agent.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
                await term.WaitForExitAsync();
            await agent.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(15));
            Assert.Equal(0, agent.ExitCode);
        }
        finally
        {
            await KillAsync(agent);
        }
    }

    private static Process Start(Deployment deployment, int port)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "edge-agent.dll");
        var start = new ProcessStartInfo("dotnet", [program, "run", "--config", deployment.ConfigPath]) { UseShellExecute = false };
        start.Environment["MLOPS_EDGE_LISTEN"] = $"http://127.0.0.1:{port}";
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<string?> ServingAsync(HttpClient http)
    {
        try
        {
            using var status = JsonDocument.Parse(await http.GetStringAsync("/status"));
            var model = status.RootElement.GetProperty("models")[0];
            return model.TryGetProperty("serving", out var serving) ? serving.GetProperty("version").GetString() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
