using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ci.Releases;

namespace Ci.Registry;

/// <summary>
/// A tag name in GTO's grammar: <c>[dir=]name@vSEMVER[!][#N]</c>, <c>[dir=]name#stage[!][#N]</c>, <c>[dir=]name@deprecated[#N]</c>,
/// <c>[dir=]name@created[#N]</c>. People write <c>dir:name</c>; ':' is not allowed in a tag, so it stands there as '='.
/// </summary>
public sealed record RegistryTag
{
    private const int MaxLength = 255;

    private RegistryTag(string artifact, RegistryEventKind kind, SemanticVersion? version, string? stage, int? counter)
    {
        Artifact = artifact;
        Kind = kind;
        Version = version;
        Stage = stage;
        Counter = counter;
    }

    /// <summary>As people write it: <c>name</c> or <c>dir:name</c>.</summary>
    public string Artifact { get; }

    public RegistryEventKind Kind { get; }

    /// <summary>Of a registration or deregistration.</summary>
    public SemanticVersion? Version { get; }

    /// <summary>Of an assignment or unassignment.</summary>
    public string? Stage { get; }

    /// <summary>Counts an artifact's stage tags, over all its stages, from 1. A tag without one is moved instead of counted.</summary>
    public int? Counter { get; }

    public static RegistryTag OfVersion(string artifact, SemanticVersion version, bool deregister = false) => new(
        ArtifactName(artifact), deregister ? RegistryEventKind.Deregistration : RegistryEventKind.Registration, version, null, null);

    public static RegistryTag OfStage(string artifact, string stage, int? counter, bool unassign = false) => new(
        ArtifactName(artifact), unassign ? RegistryEventKind.Unassignment : RegistryEventKind.Assignment, null, Name(stage), counter);

    public static RegistryTag OfArtifact(string artifact, bool deprecate) => new(
        ArtifactName(artifact), deprecate ? RegistryEventKind.Deprecation : RegistryEventKind.Creation, null, null, null);

    /// <summary>Whether a tag name means to be one of ours: it holds '@' or '#'. Others belong to somebody else.</summary>
    public static bool LooksLikeOne(string name) => name.AsSpan().ContainsAny('@', '#');

    /// <summary>Reads a tag's name.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out RegistryTag? tag)
    {
        tag = null;
        var mark = name.AsSpan().IndexOfAny('@', '#');
        if (mark <= 0 || name.Length > MaxLength || !TryArtifact(name[..mark], out var artifact))
            return false;
        var body = name[(mark + 1)..];
        int? counter = null;
        var hash = body.LastIndexOf('#');
        if (hash >= 0)
        {
            if (!TryCounter(body[(hash + 1)..], out var number))
                return false;
            counter = number;
            body = body[..hash];
        }

        var undone = body.EndsWith('!');
        if (undone)
            body = body[..^1];
        tag = name[mark] == '#' ? StageTag(artifact, body, undone, counter) : VersionTag(artifact, body, undone, counter);
        return tag is not null;
    }

    /// <summary>Checks an artifact's name as people write it.</summary>
    /// <exception cref="RegistryException">Not a name.</exception>
    public static string ArtifactName(string artifact) => TryArtifact(artifact.Replace(':', '='), out var name)
        ? name
        : throw new RegistryException(
            $"invalid name {Names.Quote(artifact)}: only letters, numbers, '_', '-', '/' are allowed, at least 2 of them, the first and last a letter or number");

    /// <summary>The tag's name.</summary>
    public override string ToString()
    {
        var artifact = Artifact.Replace(':', '=');
        var counter = Counter is { } number ? "#" + number.ToString(CultureInfo.InvariantCulture) : "";
        return Kind switch
        {
            RegistryEventKind.Registration => $"{artifact}@v{Version}{counter}",
            RegistryEventKind.Deregistration => $"{artifact}@v{Version}!{counter}",
            RegistryEventKind.Assignment => $"{artifact}#{Stage}{counter}",
            RegistryEventKind.Unassignment => $"{artifact}#{Stage}!{counter}",
            RegistryEventKind.Creation => $"{artifact}@created{counter}",
            _ => $"{artifact}@deprecated{counter}",
        };
    }

    private static RegistryTag? StageTag(string artifact, string stage, bool undone, int? counter) => !IsName(stage)
        ? null
        : new RegistryTag(artifact, undone ? RegistryEventKind.Unassignment : RegistryEventKind.Assignment, null, stage, counter);

    private static RegistryTag? VersionTag(string artifact, string body, bool undone, int? counter)
    {
        if (body is "deprecated" or "created")
            return undone ? null : new RegistryTag(artifact, body == "created" ? RegistryEventKind.Creation : RegistryEventKind.Deprecation, null, null, counter);
        return body.StartsWith('v') && SemanticVersion.TryParse(body[1..], out var version)
            ? new RegistryTag(artifact, undone ? RegistryEventKind.Deregistration : RegistryEventKind.Registration, version, null, counter)
            : null;
    }

    private static string Name(string stage) => IsName(stage)
        ? stage
        : throw new RegistryException($"invalid stage {Names.Quote(stage)}: only letters, numbers, '_', '-', '/' are allowed, at least 2 of them, the first and last a letter or number");

    private static bool TryArtifact(string written, [NotNullWhen(true)] out string? artifact)
    {
        artifact = null;
        var parts = written.Split('=');
        if (parts.Length > 2 || !IsName(parts[^1]) || (parts.Length == 2 && !IsName(parts[0])))
            return false;
        artifact = string.Join(':', parts);
        return true;
    }

    private static bool IsName(string text) =>
        text.Length >= 2 && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/');

    private static bool TryCounter(string text, out int counter)
    {
        counter = 0;
        return text.Length is > 0 and <= 9 && text.All(char.IsAsciiDigit) && int.TryParse(text, CultureInfo.InvariantCulture, out counter);
    }
}
