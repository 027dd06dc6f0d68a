namespace Ci.EdgeAgent.Configuration;

/// <summary>The configuration is wrong; the message lists every error found, one per line.</summary>
internal sealed class AgentConfigurationException(string where, IReadOnlyList<string> errors)
    : EdgeAgentException($"{where}: {errors.Count} {(errors.Count == 1 ? "error" : "errors")} in the configuration\n  {string.Join("\n  ", errors)}")
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
