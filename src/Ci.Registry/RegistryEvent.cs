using System.Text.Json.Serialization;

namespace Ci.Registry;

/// <summary>One tag as an event in an artifact's history.</summary>
public sealed record RegistryEvent
{
    /// <summary>By the tagger's clock; shown, never used to order.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    public required string Artifact { get; init; }

    /// <summary>"registration", "deregistration", "assignment", "unassignment", "creation", "deprecation".</summary>
    public required string Event { get; init; }

    /// <summary>With its 'v'. Of a stage tag: the version registered at the same commit, else the commit's id, as GTO shows it.</summary>
    public string? Version { get; init; }

    public string? Stage { get; init; }

    public required string Commit { get; init; }

    public string? Author { get; init; }

    [JsonPropertyName("author_email")]
    public string? AuthorEmail { get; init; }

    public required string Message { get; init; }

    /// <summary>The tag's name.</summary>
    public required string Ref { get; init; }

    [JsonIgnore]
    internal RegistryTag Tag { get; init; } = null!;

    /// <summary>The commit's place in the history: 1 + the greatest of its parents'.</summary>
    [JsonIgnore]
    internal int Generation { get; init; }

    internal bool Is(RegistryEventKind kind) => Tag.Kind == kind;
}
