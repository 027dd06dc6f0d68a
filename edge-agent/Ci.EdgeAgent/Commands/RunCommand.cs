using System.CommandLine;
using System.Runtime.InteropServices;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Hosting.Services;
using Ci.EdgeAgent.Status;
using LogLevel = Ci.EdgeAgent.Hosting.LogLevel;

namespace Ci.EdgeAgent.Commands;

internal static class RunCommand
{
    /// <summary>Windows' service manager starts it so.</summary>
    public static readonly Option<bool> Service = new("--service") { Description = "Windows: run as a service, started and stopped by the service manager; lines go to the event log." };

    public static Task<int> RunAsync(CommandContext context, CancellationToken ct) =>
        context.Parsed.GetValue(Service) ? Task.FromResult(AsService(context)) : RunAsync(context, context.World, () => { }, ct);

    private static async Task<int> RunAsync(CommandContext context, AgentWorld world, Action ready, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // A terminal that is closed stops the agent as SIGTERM does; left to itself the signal would cut off the requests under way.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        return await ServeAsync(context, world, ready, stop.Token);
    }

    private static async Task<int> ServeAsync(CommandContext context, AgentWorld world, Action ready, CancellationToken ct)
    {
        await using var agent = await Agent.StartAsync(context.Configuration(), world, ct);
        SystemdNotify.Ready(world.Environment, StatusLine.Of(agent.Status()));
        ready();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var watchdog = new Watchdog(agent, world);
        var watching = Task.WhenAll(watchdog.RunAsync(ending.Token), new RestingMemory(agent, world.Time).RunAsync(ending.Token));
        await using var stopping = ct.Register(() => SystemdNotify.Stopping(world.Environment));
        await agent.RunAsync(ct);
        await ending.CancelAsync();
        await watching;
        return AgentExit.Ok;
    }

    private static int AsService(CommandContext context)
    {
        var manager = context.World.Services ?? throw new EdgeAgentException("`--service` is for Windows' service manager; systemd and containers need no option");
        using var log = new PriorityLog(manager.Log);
        var world = context.World with { Log = log, LogTakesPriority = true };
        using var service = new AgentService(async (ready, ct) =>
        {
            try
            {
                return await RunAsync(context, world, ready, ct);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // Nobody reads standard error there.
                manager.Log(LogLevel.Error, world.Mask.Clean($"edge-agent ended: {error.Message}"));
                throw;
            }
        });
        manager.Run(service);
        return service.Running.GetAwaiter().GetResult();
    }
}
