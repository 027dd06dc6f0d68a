using System.Collections.Concurrent;
using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Hosting.Services;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>The agent under a service manager that starts and stops by calls, as Windows' does; here a stand-in makes the calls.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task It_is_started_once_it_serves_and_stopped_once_it_has_let_go_of_everything()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var configuration = deployment.Configure();
        await using (var first = await RunningAgent.StartAsync(configuration))
            await first.ServesAsync("1.0.0");
        var manager = new Manager
        {
            WhileRunning = log =>
            {
                // Started means that what the disk holds serves, and that the listener answers.
                Assert.Contains(log, l => l.Line.Contains("started: serving 1.0.0 from disk", StringComparison.Ordinal));
                var address = log.Select(l => l.Line).First(l => l.StartsWith("listening on ", StringComparison.Ordinal)).Split(' ')[2].TrimEnd(',');
                using var http = new HttpClient();
                using var content = new StringContent(Support.Request(30));
                Assert.True(http.PostAsync(new Uri($"{address}/v2/models/{Deployment.Model}/infer"), content).GetAwaiter().GetResult().IsSuccessStatusCode);
            },
        };
        Assert.Equal((0, ""), await RunAsync(deployment, manager));
        Assert.Equal(["starting", "started", "stopping", "stopped"], manager.Told);
        Assert.True(manager.Busy > 0, "a manager must hear that it takes a while");
        Assert.Contains(manager.Lines, l => l is { Line: "stopped", Level: LogLevel.Information });

        // The data folder is free again.
        await using var next = await RunningAgent.StartAsync(configuration, follow: false);
        Assert.Equal("1.0.0", next.Status.Serving!.Version);
    }

    [Fact]
    public async Task What_keeps_it_from_starting_is_told_to_the_manager_and_to_the_log_without_secrets()
    {
        using var deployment = new Deployment();
        _ = deployment.Configure();
        await using var holder = await RunningAgent.StartAsync(deployment.Configure(), follow: false);
        var manager = new Manager();
        var (code, error) = await RunAsync(deployment, manager);
        Assert.NotEqual(0, code);
        Assert.Contains("another agent works in", error, StringComparison.Ordinal);
        Assert.Equal(["starting", "failed"], manager.Told);
        Assert.Contains(manager.Lines, l => l.Level == LogLevel.Error && l.Line.Contains("another agent works in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_that_comes_while_a_request_runs_waits_for_it()
    {
        using var service = new AgentService(async (ready, ct) =>
        {
            ready();
            await Task.Delay(Timeout.InfiniteTimeSpan, ct).ContinueWith(_ => { }, TaskScheduler.Default);
            await Task.Delay(2500, CancellationToken.None);
            return 0;
        });
        var busy = 0;
        service.Start(_ => { });
        await Task.Run(() => service.Stop(_ => busy++));
        Assert.True(service.Running.IsCompletedSuccessfully);
        Assert.True(busy >= 2, $"asked for more time {busy} times");
    }

    [Fact]
    public async Task Where_services_are_not_called_the_option_is_refused_in_words()
    {
        using var deployment = new Deployment();
        _ = deployment.Configure();
        if (OperatingSystem.IsWindows())
            return;
        var (code, error) = await RunAsync(deployment, null);
        Assert.Equal(AgentExit.Error, code);
        Assert.Contains("`--service` is for Windows", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_keep_their_priority_and_those_without_one_are_information()
    {
        var lines = new List<(LogLevel, string)>();
        using var log = new PriorityLog((level, line) => lines.Add((level, line)));
        log.WriteLine("<4>refused");
        log.WriteLine("<9>not a priority");
        log.WriteLine("plain");
        log.WriteLine("");
        Assert.Equal([(LogLevel.Warning, "refused"), (LogLevel.Information, "<9>not a priority"), (LogLevel.Information, "plain"), (LogLevel.Information, "")], lines);
    }

    private static async Task<(int Code, string Error)> RunAsync(Deployment deployment, IServiceManager? manager)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var world = new AgentWorld { Environment = new Dictionary<string, string>(), Log = output, Services = manager };
        var code = await Task.Run(() => AgentCommandLine.RunAsync(["run", "--service", "--config", deployment.ConfigPath], world, output, error));
        Assert.Equal("", output.ToString()); // there is no console to write to
        return (code, error.ToString());
    }

    private sealed class Manager : IServiceManager
    {
        public ConcurrentQueue<(LogLevel Level, string Line)> Lines { get; } = [];

        public List<string> Told { get; } = [];

        public int Busy { get; private set; }

        public Action<IReadOnlyCollection<(LogLevel Level, string Line)>> WhileRunning { get; init; } = _ => { };

        public Action<LogLevel, string> Log => (level, line) => Lines.Enqueue((level, line));

        public void Run(AgentService service)
        {
            Told.Add("starting");
            try
            {
                service.Start(_ => Busy++);
            }
            catch (EdgeAgentException)
            {
                Told.Add("failed");
                return;
            }

            Told.Add("started");
            WhileRunning(Lines);
            Told.Add("stopping");
            service.Stop(_ => Busy++);
            Told.Add("stopped");
        }
    }
}
