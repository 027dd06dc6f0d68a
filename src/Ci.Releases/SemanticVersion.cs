using System.Diagnostics.CodeAnalysis;

namespace Ci.Releases;

/// <summary>A version by Semantic Versioning 2.0.0, written without a leading 'v'; ordered by its section 11.</summary>
public sealed record SemanticVersion : IComparable<SemanticVersion>
{
    private const int MaxLength = 128;

    private SemanticVersion(int major, int minor, int patch, string prerelease, string build)
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        Prerelease = prerelease;
        Build = build;
    }

    public int Major { get; }

    public int Minor { get; }

    public int Patch { get; }

    /// <summary>Dot-separated identifiers after '-'; empty for a full version.</summary>
    public string Prerelease { get; }

    /// <summary>Dot-separated identifiers after '+'; they do not take part in the order.</summary>
    public string Build { get; }

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    /// <summary>Reads a version.</summary>
    /// <exception cref="FormatException">Not a semantic version.</exception>
    public static SemanticVersion Parse(string text) => TryParse(text, out var version)
        ? version
        : throw new FormatException($"not a semantic version such as 1.4.0 or 2.0.0-rc.1: {Names.Quote(text)}");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        if (text is not { Length: > 0 and <= MaxLength })
            return false;
        var (rest, build) = Cut(text, '+');
        var (core, prerelease) = Cut(rest, '-');
        var parts = core.Split('.');
        if (parts.Length != 3 || !Number(parts[0], out var major) || !Number(parts[1], out var minor) || !Number(parts[2], out var patch))
            return false;
        if ((build is not null && !Identifiers(build, leadingZerosAllowed: true))
            || (prerelease is not null && !Identifiers(prerelease, leadingZerosAllowed: false)))
            return false;
        version = new SemanticVersion(major, minor, patch, prerelease ?? "", build ?? "");
        return true;
    }

    /// <summary>The next version: <c>major</c>, <c>minor</c> or patch raised, pre-release and build dropped.</summary>
    public SemanticVersion Next(bool major = false, bool minor = false) => (major, minor) switch
    {
        (true, _) => new SemanticVersion(Major + 1, 0, 0, "", ""),
        (_, true) => new SemanticVersion(Major, Minor + 1, 0, "", ""),
        _ => new SemanticVersion(Major, Minor, Patch + 1, "", ""),
    };

    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
            return 1;
        var core = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (core != 0)
            return core;
        return (Prerelease.Length, other.Prerelease.Length) switch
        {
            (0, 0) => 0,
            (0, _) => 1,
            (_, 0) => -1,
            _ => ComparePrerelease(Prerelease.Split('.'), other.Prerelease.Split('.')),
        };
    }

    public override string ToString() =>
        $"{Major}.{Minor}.{Patch}" + (Prerelease.Length > 0 ? "-" + Prerelease : "") + (Build.Length > 0 ? "+" + Build : "");

    private static (string Before, string? After) Cut(string text, char mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    private static bool Number(string text, out int value)
    {
        value = 0;
        return text.Length is > 0 and <= 9 && !text.AsSpan().ContainsAnyExceptInRange('0', '9') && (text.Length == 1 || text[0] != '0')
            && int.TryParse(text, out value);
    }

    private static bool Identifiers(string text, bool leadingZerosAllowed) => text.Split('.').All(identifier =>
        identifier.Length > 0
        && identifier.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        && (leadingZerosAllowed || identifier.Length == 1 || identifier[0] != '0' || !identifier.All(char.IsAsciiDigit)));

    private static int ComparePrerelease(string[] left, string[] right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var order = CompareIdentifier(left[i], right[i]);
            if (order != 0)
                return order;
        }

        return left.Length.CompareTo(right.Length);
    }

    private static int CompareIdentifier(string left, string right)
    {
        var leftNumeric = left.All(char.IsAsciiDigit);
        var rightNumeric = right.All(char.IsAsciiDigit);
        return (leftNumeric, rightNumeric) switch
        {
            // Equal lengths compare as text; without leading zeros a longer number is a greater one.
            (true, true) => left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(left, right),
        };
    }
}
