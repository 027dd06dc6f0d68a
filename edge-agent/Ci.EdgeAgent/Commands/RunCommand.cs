using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Commands;

internal static class RunCommand
{
    public static async Task<int> RunAsync(string config, AgentWorld world, CancellationToken ct)
    {
        var configuration = AgentConfigurationFile.Read(config, world.Environment);
        await using var agent = await Agent.StartAsync(configuration, world, ct);
        SystemdNotify.Ready(world.Environment);
        await agent.RunAsync(ct);
        SystemdNotify.Stopping(world.Environment);
        return 0;
    }
}
