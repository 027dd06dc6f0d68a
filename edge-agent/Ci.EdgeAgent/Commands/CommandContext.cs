using System.CommandLine;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Commands;

/// <summary>What a command works with.</summary>
internal sealed record CommandContext(AgentWorld World, ParseResult Parsed, string ConfigPath, bool Json, TextWriter Output)
{
    public AgentConfiguration Configuration() => AgentConfigurationFile.Read(ConfigPath, World.Environment);

    public static AgentControl ControlOf(AgentConfiguration configuration, AgentWorld world) => new(world.Files, configuration.Data, configuration.Models);

    /// <summary>One line for people, or one document.</summary>
    public async Task<int> SayAsync(CommandAnswer answer)
    {
        await Output.WriteLineAsync(Json ? JsonSerializer.Serialize(answer, AgentJson.Default.CommandAnswer) : answer.Message);
        return AgentExit.Ok;
    }

    /// <summary>The model that is meant: the named one, or the only one.</summary>
    public static string ModelOf(AgentConfiguration configuration, string? named)
    {
        if (named is null)
            return configuration.Models.Count == 1 ? configuration.Models[0] : throw new EdgeAgentException($"which model? This agent has {string.Join(", ", configuration.Models)}");
        return configuration.Models.Contains(named)
            ? named
            : throw new EdgeAgentException($"this agent has no model {named}{(NearestName.Of(named, configuration.Models) is { } near ? $"; did you mean {near}?" : $"; it has {string.Join(", ", configuration.Models)}")}");
    }
}
