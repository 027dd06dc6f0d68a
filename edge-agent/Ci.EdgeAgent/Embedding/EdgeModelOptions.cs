namespace Ci.Edge;

/// <summary>What a program that holds a model itself may set beside the configuration file.</summary>
public sealed record EdgeModelOptions
{
    /// <summary>Which of the configured models; null where there is only one.</summary>
    public string? Model { get; init; }

    /// <summary>The variables that the agent would take from its environment: <c>MLOPS_EDGE_…</c> and the stores' credentials.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where the update loop's log goes, one line an event; null drops it.</summary>
    public TextWriter? Log { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
