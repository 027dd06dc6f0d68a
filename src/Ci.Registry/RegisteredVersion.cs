namespace Ci.Registry;

/// <summary>A version of an artifact that is registered and was not deregistered since.</summary>
public sealed record RegisteredVersion
{
    /// <summary>With its 'v'.</summary>
    public required string Version { get; init; }

    public required string Commit { get; init; }

    /// <summary>The tag that registered it.</summary>
    public required string Ref { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The stages that are assigned to it now.</summary>
    public required IReadOnlyList<string> Stages { get; init; }
}
