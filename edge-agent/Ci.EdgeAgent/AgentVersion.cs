namespace Ci.EdgeAgent;

internal static class AgentVersion
{
    public static string Number { get; } = typeof(AgentVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
