namespace Ci.EdgeAgent.Commands;

/// <summary>What runs here.</summary>
/// <param name="Version">The agent's own.</param>
/// <param name="Runtime">.NET's.</param>
/// <param name="Platform">Such as linux-arm64.</param>
/// <param name="OnnxRuntime">The library's version; absent where none was found.</param>
internal sealed record VersionAnswer(string Version, string Runtime, string Platform, string? OnnxRuntime)
{
    public string Schema { get; init; } = "mlops.agent-version/v1";
}
