using System.Runtime.InteropServices;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Commands;

internal static class RunCommand
{
    public static async Task<int> RunAsync(CommandContext context, CancellationToken ct)
    {
        var world = context.World;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // A terminal that is closed stops the agent as SIGTERM does; left to itself the signal would cut off the requests under way.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        return await ServeAsync(context, world, stop.Token);
    }

    private static async Task<int> ServeAsync(CommandContext context, AgentWorld world, CancellationToken ct)
    {
        await using var agent = await Agent.StartAsync(context.Configuration(), world, ct);
        SystemdNotify.Ready(world.Environment, StatusLine.Of(agent.Status()));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var watchdog = new Watchdog(agent, world);
        var watching = watchdog.RunAsync(ending.Token);
        await using var stopping = ct.Register(() => SystemdNotify.Stopping(world.Environment));
        await agent.RunAsync(ct);
        await ending.CancelAsync();
        await watching;
        return AgentExit.Ok;
    }
}
