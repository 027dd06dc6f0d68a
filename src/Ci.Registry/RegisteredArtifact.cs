using System.Text.Json.Serialization;

namespace Ci.Registry;

/// <summary>An artifact as its tags tell it.</summary>
public sealed record RegisteredArtifact
{
    /// <summary>As people write it: <c>name</c> or <c>dir:name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its latest version with its 'v', by ancestry and then by semantic version; null when none is registered.</summary>
    public string? Latest { get; init; }

    /// <summary>By stage: the version (or the bare commit) that was assigned last and not unassigned since.</summary>
    public required IReadOnlyDictionary<string, string> Stages { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<RegisteredVersion> Versions { get; init; }

    /// <summary>It was deprecated and not created again since.</summary>
    public bool Deprecated { get; init; }

    [JsonIgnore]
    internal IReadOnlyList<RegistryEvent> Events { get; init; } = [];
}
