using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Status;

namespace Ci.EdgeAgent.Commands;

internal static class RunCommand
{
    public static async Task<int> RunAsync(CommandContext context, CancellationToken ct)
    {
        var world = context.World;
        await using var agent = await Agent.StartAsync(context.Configuration(), world, ct);
        SystemdNotify.Ready(world.Environment, StatusLine.Of(agent.Status()));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var watchdog = new Watchdog(agent, world);
        var watching = Task.WhenAll(watchdog.RunAsync(ending.Token), new RestingMemory(agent, world.Time).RunAsync(ending.Token));
        await using var stopping = ct.Register(() => SystemdNotify.Stopping(world.Environment));
        await agent.RunAsync(ct);
        await ending.CancelAsync();
        await watching;
        return AgentExit.Ok;
    }
}
