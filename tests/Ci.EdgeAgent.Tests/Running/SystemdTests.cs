using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.States;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>The unit by systemd's own tools, and what the agent says to its socket.</summary>
public sealed class SystemdTests
{
    // systemd-analyze's scale is ten times the printed exposure: 15 is 1.5.
    private const string Threshold = "15";

    [Fact]
    public void The_unit_is_one_that_systemd_takes_without_a_word()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal((0, ""), Analyze("verify", "--man=no", Unit(folder)));
        var (code, words) = Analyze("verify", "--man=no", Unit(folder, unit => unit.Replace("WatchdogSec", "WatchdogSecs", StringComparison.Ordinal)));
        Assert.Contains("WatchdogSecs", words, StringComparison.Ordinal);
        Assert.True(code is 0 or 1);
    }

    [Fact]
    public void Its_exposure_stays_below_one_and_a_half()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, Analyze("security", "--offline=true", $"--threshold={Threshold}", Unit(folder)).Code);
        Assert.NotEqual(0, Analyze("security", "--offline=true", $"--threshold={Threshold}", Unit(folder, unit => unit.Replace("ProtectSystem=strict", "", StringComparison.Ordinal).Replace("SystemCallFilter", "#", StringComparison.Ordinal))).Code);
    }

    [Fact]
    public async Task It_says_ready_alive_what_it_does_and_stopping()
    {
        using var world = new TwoModels();
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        await using (var warm = await RunningAgent.StartAsync(world.Configure()))
            await TwoModels.ServesAsync(warm, TwoModels.First, "1.0.0");
        var path = Path.Combine(Path.GetTempPath(), $"notify-{Environment.ProcessId}-{Random.Shared.Next()}");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "300000" };
        using var log = new StringWriter();
        using var process = Start(world, environment);
        try
        {
            var heard = new List<string>();
            while (!(heard.Count(m => m == "WATCHDOG=1") >= 3 && heard.Exists(m => m.StartsWith("STATUS=serving breast-mlp 1.0.0", StringComparison.Ordinal))))
                heard.Add(await HearAsync(socket));
            Assert.StartsWith("READY=1\nSTATUS=serving breast-mlp 1.0.0", heard[0], StringComparison.Ordinal);
            Terminate(process);
            while (!heard[^1].StartsWith("STOPPING=1", StringComparison.Ordinal))
                heard.Add(await HearAsync(socket));
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(15));
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            File.Delete(path);
        }
    }

    [Fact]
    public void A_loop_that_does_not_turn_counts_as_stuck_and_one_that_waits_for_others_does_not()
    {
        var time = new Hands();
        var pulse = new LoopPulse(time, TimeSpan.FromSeconds(60));
        pulse.Works();
        time.Advance(59);
        Assert.Null(pulse.Stuck(AgentState.Gate));
        time.Advance(61);
        Assert.Contains("Gate has not ended for 61 s", pulse.Stuck(AgentState.Gate), StringComparison.Ordinal);
        Assert.Null(pulse.Stuck(AgentState.Soak));
        time.Advance(100_000);
        Assert.Null(pulse.Stuck(AgentState.Soak));
        pulse.Rests(TimeSpan.FromSeconds(300));
        Assert.Null(pulse.Stuck(AgentState.Idle));
        time.Advance(359);
        Assert.Null(pulse.Stuck(AgentState.Idle));
        time.Advance(2);
        Assert.Contains("the next look at the channel has not come", pulse.Stuck(AgentState.Idle), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("60000000", "", 60.0)]
    [InlineData("60000000", "4711", 60.0)]
    [InlineData("60000000", "1", null)]
    [InlineData("nonsense", "", null)]
    [InlineData("", "", null)]
    public void The_watchdog_is_fed_only_when_systemd_asks_this_process(string microseconds, string pid, double? seconds) =>
        Assert.Equal(seconds, SystemdNotify.WatchdogTime(new Dictionary<string, string> { ["WATCHDOG_USEC"] = microseconds, ["WATCHDOG_PID"] = pid }, 4711)?.TotalSeconds);

    [Fact]
    public async Task A_listener_that_does_not_answer_is_a_reason_not_to_feed_the_watchdog()
    {
        using var world = new TwoModels();
        await using var agent = await RunningAgent.StartAsync(world.Configure());
        using var watchdog = new Watchdog(agent.Agent, world.World());
        Assert.Null(await watchdog.ProblemAsync(CancellationToken.None));
        await agent.StopAsync(); // Drained: nothing listens any more.
        Assert.Contains("the listener does not answer", await watchdog.ProblemAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    internal static Process Start(TwoModels world, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-agent.dll"), "run", "--config", world.Deployment.ConfigPath]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    internal static void Terminate(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task<string> HearAsync(Socket socket)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, enough.Token));
    }

    // The program of the unit need not be installed where the tests run.
    private static string Unit(TemporaryFolder folder, Func<string, string>? change = null)
    {
        var unit = File.ReadAllText(RepositoryRoot.At("templates", "edge-agent", "edge-agent.service")).Replace("/opt/edge-agent/edge-agent", "/bin/true", StringComparison.Ordinal);
        return folder.Write("edge-agent.service", change is null ? unit : change(unit));
    }

    private static (int Code, string Words) Analyze(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("systemd-analyze", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("systemd-analyze is missing: `dotnet run --project build -- setup` as root installs Debian's systemd");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, (output + error.Result).Trim());
    }

    private sealed class Hands : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => now;

        public void Advance(double seconds) => now += (long)(seconds * 1000);
    }
}
