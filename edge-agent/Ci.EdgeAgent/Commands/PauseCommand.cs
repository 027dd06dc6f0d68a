using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Commands;

internal static class PauseCommand
{
    public static async Task<int> Pause(string config, AgentWorld world, TextWriter output)
    {
        var configuration = AgentConfigurationFile.Read(config, world.Environment);
        new AgentControl(world.Files, configuration.Data).Pause(world.Time.GetUtcNow());
        await output.WriteLineAsync($"updates are held from the next look at the channel on (every {configuration.PollSeconds:G} s); what serves goes on serving");
        return 0;
    }

    public static async Task<int> Resume(string config, AgentWorld world, TextWriter output)
    {
        var configuration = AgentConfigurationFile.Read(config, world.Environment);
        new AgentControl(world.Files, configuration.Data).Resume(world.Time.GetUtcNow());
        await output.WriteLineAsync($"updates go on from the next look at the channel (every {configuration.PollSeconds:G} s)");
        return 0;
    }
}
