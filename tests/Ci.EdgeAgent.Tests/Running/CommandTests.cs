using System.Text.Json;
using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>The commands as an operator runs them, on a running agent and on one that is down.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TwoModels world = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose()
    {
        world.Dispose();
        output.Dispose();
        error.Dispose();
    }

    [Fact]
    public async Task A_pin_holds_a_model_against_its_channel_until_it_is_unpinned()
    {
        var first = await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        Assert.Equal(0, await RunAsync("pin", TwoModels.First));
        Assert.Contains($"breast-mlp stays on 1.0.0 ({first.Release.Id.Hex[..12]})", output.ToString(), StringComparison.Ordinal);
        await TwoModels.UntilAsync(agent, TwoModels.First, m => m.Events.Any(e => e.Message.Contains("an operator pinned release", StringComparison.Ordinal)));
        await world.PromoteAsync(TwoModels.First, "2.0.0", 2);
        await Task.Delay(700);
        Assert.Equal("1.0.0", agent.Status.Serving!.Version);
        Assert.Equal(0, await RunAsync("unpin", TwoModels.First));
        await TwoModels.ServesAsync(agent, TwoModels.First, "2.0.0");
    }

    [Fact]
    public async Task What_root_orders_belongs_to_whom_the_agents_folder_belongs_whatever_roots_umask_is()
    {
        const string Agent = "10001";
        if (!Environment.IsPrivilegedProcess)
            return; // Only root can give files away.
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        var configuration = world.Configure();
        await using (var agent = await RunningAgent.StartAsync(configuration))
            await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        await ShellAsync($"chown -R {Agent}:{Agent} '{configuration.Data}'");
        foreach (var command in (string[][])[["pin", TwoModels.First], ["pause"], ["rollback", TwoModels.First]])
            Assert.Equal(0, await RunAsync(command));
        Assert.Equal("", await ShellAsync($"find '{configuration.Data}' ! -user {Agent}"));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(configuration.Data, "control")).Length);
    }

    [Fact]
    public void A_pin_that_cannot_be_read_holds_updates_and_ends_nothing()
    {
        var files = new Unreadable();
        var control = new AgentControl(files, world.Configure().Data);
        control.Pin(TwoModels.First, new string('a', 64));
        Assert.Equal((false, new string('a', 64)), (control.OrdersFor(TwoModels.First).Paused, control.OrdersFor(TwoModels.First).Pin));
        files.Refuses = true;
        Assert.Equal((true, null), (control.OrdersFor(TwoModels.First).Paused, control.OrdersFor(TwoModels.First).Pin));
        Assert.False(control.OrdersFor(TwoModels.Second).Paused);
    }

    private sealed class Unreadable : IDeviceFiles
    {
        private readonly DiskFiles disk = DiskFiles.Instance;

        public bool Refuses { get; set; }

        public long? Length(string path) => disk.Length(path);

        public Stream OpenRead(string path) => Refuses ? throw new UnauthorizedAccessException(path) : disk.OpenRead(path);

        public IDeviceFile OpenAppend(string path) => disk.OpenAppend(path);

        public void Rename(string from, string to) => disk.Rename(from, to);

        public void SyncFolder(string folder) => disk.SyncFolder(folder);

        public void Delete(string path) => disk.Delete(path);

        public IReadOnlyList<string> List(string folder) => disk.List(folder);

        public long FreeBytes(string path) => disk.FreeBytes(path);
    }

    private static async Task<string> ShellAsync(string line)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", line]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said;
    }

    [Fact]
    public async Task Kill_stops_the_answers_and_resume_brings_them_back()
    {
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        Assert.Equal(0, await RunAsync("kill", TwoModels.First));
        await TwoModels.UntilAsync(agent, TwoModels.First, m => m.State == AgentState.Killed);
        Assert.Equal(503, (await agent.InferAsync(Support.Request(30))).Status);
        Assert.Equal(3, await RunAsync(agent.Agent.Address, "status", "--check"));
        Assert.Equal(0, await RunAsync("resume", TwoModels.First));
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
    }

    [Fact]
    public async Task Rollback_goes_to_the_release_before()
    {
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        await world.PromoteAsync(TwoModels.First, "2.0.0", 2, "breast-mlp-cont.onnx");
        await TwoModels.ServesAsync(agent, TwoModels.First, "2.0.0");
        Assert.Equal(0, await RunAsync("rollback", TwoModels.First));
        await TwoModels.UntilAsync(agent, TwoModels.First, m => m.Serving?.Version == "1.0.0");
    }

    [Fact]
    public async Task Orders_to_an_agent_that_is_down_hold_when_it_starts()
    {
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        var configuration = world.Configure();
        await using (var agent = await RunningAgent.StartAsync(configuration))
            await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        Assert.Equal(0, await RunAsync("pause"));
        Assert.Equal(0, await RunAsync("kill", TwoModels.First));
        Assert.Equal(6, await RunAsync("http://127.0.0.1:9", "status"));
        Assert.Contains("when started, it serves 1.0.0", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("paused, stopped by an operator", output.ToString(), StringComparison.Ordinal);
        await using var again = await RunningAgent.StartAsync(configuration);
        Assert.Equal(503, (await again.InferAsync(Support.Request(30))).Status);
        await TwoModels.UntilAsync(again, TwoModels.Second, m => m.State == AgentState.Paused);
        Assert.Equal(0, await RunAsync("resume"));
        await TwoModels.ServesAsync(again, TwoModels.First, "1.0.0");
    }

    [Theory]
    [InlineData("pin breast-mpl", 1, "did you mean breast-mlp?")]
    [InlineData("kill", 1, "which model? This agent has breast-mlp, second-model")]
    [InlineData("rollback breast-mlp", 1, "serves nothing on this device")]
    [InlineData("pin breast-mlp", 1, "name the release to pin")]
    [InlineData("pin breast-mlp 9.9.9", 1, "9.9.9 is no release of breast-mlp on this device (here: none)")]
    [InlineData("pin", 2, "Required argument 'model' missing")]
    [InlineData("unpinn breast-mlp", 2, "unpinn")]
    public async Task A_wrong_order_is_refused_in_words_and_changes_nothing(string line, int code, string words)
    {
        world.Configure();
        Assert.Equal(code, await RunAsync(line.Split(' ')));
        Assert.Contains(words, error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(world.Deployment.Data, "control")));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("pause second-model")]
    [InlineData("resume")]
    [InlineData("unpin breast-mlp")]
    [InlineData("kill breast-mlp")]
    [InlineData("version")]
    [InlineData("pin breast-mlp 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    public async Task Every_command_answers_with_one_document_when_asked(string line)
    {
        world.Configure();
        Assert.Equal(0, await RunAsync([.. line.Split(' '), "--json"]));
        using var document = JsonDocument.Parse(output.ToString());
        Assert.StartsWith("mlops.agent-", document.RootElement.GetProperty("schema").GetString(), StringComparison.Ordinal);
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task A_failure_is_a_document_too()
    {
        world.Configure();
        Assert.Equal(1, await RunAsync("kill", "nobody", "--json"));
        using var document = JsonDocument.Parse(output.ToString());
        Assert.False(document.RootElement.GetProperty("done").GetBoolean());
    }

    [Fact]
    public async Task Status_tells_desired_installed_serving_and_in_sync_apart()
    {
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        await TwoModels.ServesAsync(agent, TwoModels.First, "1.0.0");
        await world.PromoteAsync(TwoModels.First, "2.0.0", 2, golden: values => Array.ConvertAll(values, v => v + 1));
        await TwoModels.UntilAsync(agent, TwoModels.First, m => m.Refusals.Count > 0 && m.State == AgentState.Quarantined);
        Assert.Equal(3, await RunAsync(agent.Agent.Address, "status", "--check"));
        string[] expected = ["breast-mlp: serving 1.0.0; 2.0.0 is wanted", "desired   2.0.0 (sequence 2)", "installed 2.0.0, verified on this disk", "serving   1.0.0 since", "in sync   no: golden-mismatch", "second-model: nothing serves"];
        Assert.All(expected, part => Assert.Contains(part, output.ToString(), StringComparison.Ordinal));
    }

    private Task<int> RunAsync(params string[] arguments) => AgentCommandLine.RunAsync([.. arguments, "--config", world.Deployment.ConfigPath], world.World(), output, error);

    private Task<int> RunAsync(string listen, string command, params string[] rest) =>
        listen.StartsWith("http", StringComparison.Ordinal)
            ? AgentCommandLine.RunAsync([command, .. rest, "--config", world.Deployment.ConfigPath], world.World(listen), output, error)
            : RunAsync([listen, command, .. rest]);
}
