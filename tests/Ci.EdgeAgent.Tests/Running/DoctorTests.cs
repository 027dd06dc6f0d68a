using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>The doctor over real trouble: each finding with its line, and the exit code of the worst.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TwoModels world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_device_that_is_well_has_no_failure_and_every_check_has_a_line()
    {
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await using (var agent = await RunningAgent.StartAsync(world.Configure()))
            await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(world.Deployment.ConfigPath)!, "blobs"));
        var (code, findings) = await ExamineAsync();
        Assert.DoesNotContain(findings, f => f.Health == "Fail");
        Assert.Equal(findings.Any(f => f.Health == "Warn") ? 4 : 0, code);
        string[] checks = ["configuration", "keys", "clock", "disk", "permissions", "onnxruntime", "providers", "source", "store", "port", "journal of breast-mlp", "journal of second-model"];
        Assert.Equal(checks, findings.Select(f => f.Check).Where(c => c.Length > 0).Distinct());
        Assert.Contains(findings, f => f.Message.Contains("every record whole and chained", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_trouble_is_found_with_a_way_to_mend_it()
    {
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await using (var agent = await RunningAgent.StartAsync(world.Configure()))
            await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        var journal = Path.Combine(world.Deployment.Data, "models", TwoModels.First, "journal");
        var bytes = await File.ReadAllBytesAsync(journal);
        bytes[20] ^= 1;
        await File.WriteAllBytesAsync(journal, bytes);
        var key = Path.Combine(Path.GetDirectoryName(world.Deployment.ConfigPath)!, "key.pem");
        await File.WriteAllTextAsync(key, "no key");
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var listen = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)holder.LocalEndpoint).Port}");
        var (code, findings) = await ExamineAsync(new()
        {
            ["MLOPS_EDGE_LISTEN"] = listen, ["MLOPS_EDGE_SOURCE__GIT"] = "http://127.0.0.1:9/deploy.git", ["MLOPS_EDGE_STORE"] = "http://127.0.0.1:9/blobs", ["MLOPS_EDGE_PROVIDERS"] = "CoreML,CPU",
        });
        Assert.Equal(3, code);
        string[] failed = ["keys", "source", "store", "port", "journal of breast-mlp"];
        Assert.Equal(failed, findings.Where(f => f.Health == "Fail").Select(f => f.Check));
        Assert.Contains(findings, f => f is { Check: "providers", Health: "Warn" });
        Assert.All(findings.Where(f => f.Health != "Ok"), f => Assert.False(string.IsNullOrEmpty(f.Fix)));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(journal)); // Looked at, not touched.
    }

    [Fact]
    public async Task A_clock_at_1970_and_a_wrong_configuration_are_told()
    {
        world.Configure();
        var (_, findings) = await ExamineAsync(time: new Epoch());
        Assert.Contains(findings, f => f is { Check: "clock", Health: "Fail" });
        await File.WriteAllTextAsync(world.Deployment.ConfigPath, """{"devise":"d","pollSeconds":"x"}""");
        var (code, errors) = await ExamineAsync();
        Assert.Equal(3, code);
        Assert.True(errors.Count > 4);
        Assert.Contains(errors, f => f.Message.Contains("did you mean device?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_knows_the_running_agent_from_a_stranger_on_the_port()
    {
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        var (_, findings) = await ExamineAsync(new() { ["MLOPS_EDGE_LISTEN"] = agent.Agent.Address });
        Assert.Contains(findings, f => f is { Check: "port", Health: "Ok" } && f.Message.Contains("the agent that is running", StringComparison.Ordinal));
    }

    private async Task<(int Code, List<(string Check, string Health, string Message, string? Fix)> Findings)> ExamineAsync(Dictionary<string, string>? environment = null, TimeProvider? time = null)
    {
        using var output = new StringWriter();
        var agentWorld = new AgentWorld { Environment = environment ?? [], Log = TextWriter.Null, Time = time ?? TimeProvider.System };
        var code = await AgentCommandLine.RunAsync(["doctor", "--json", "--config", world.Deployment.ConfigPath], agentWorld, output, output);
        using var report = JsonDocument.Parse(output.ToString());
        return (code, [.. report.RootElement.GetProperty("findings").EnumerateArray().Select(f => (
            f.GetProperty("check").GetString()!, f.GetProperty("health").GetString()!, f.GetProperty("message").GetString()!, f.TryGetProperty("fix", out var fix) ? fix.GetString() : null))]);
    }

    private sealed class Epoch : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
