using System.Text.Json.Serialization;

namespace Ci.EdgeAgent.Hosting;

/// <summary>A line of the log as JSON.</summary>
internal sealed record LogLine(string At, string Level, string Message)
{
    public string? Model { get; init; }

    public string? Kind { get; init; }

    public string? Code { get; init; }

    public string? Release { get; init; }

    public string? Version { get; init; }

    [JsonIgnore]
    public LogLevel Priority { get; init; } = LogLevel.Information;
}
