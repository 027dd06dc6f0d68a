namespace Ci.Promotion;

/// <summary>No promotion into an environment for a while. Rollbacks are exempt.</summary>
public sealed record Freeze
{
    public required string Environment { get; init; }

    /// <summary>One model; null means all of them.</summary>
    public string? Model { get; init; }

    public required DateTimeOffset From { get; init; }

    /// <summary>Null until it is lifted.</summary>
    public DateTimeOffset? Until { get; init; }

    public required string Reason { get; init; }

    public required string By { get; init; }

    public bool Holds(string environment, string model, DateTimeOffset at) =>
        Environment == environment && (Model is null || Model == model) && From <= at && (Until is null || at < Until);
}
