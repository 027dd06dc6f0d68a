namespace Ci.Releases;

/// <summary>
/// The grammars of names that become parts of paths, branches and tags: strict enough that none of them can leave its folder.
/// </summary>
public static class Names
{
    private const string Alphanumerics = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int MaxName = 64;
    private const int MaxPath = 255;

    /// <summary>
    /// A model, environment or device name: 2 to 64 letters, digits, '-', '_' (the first and last a letter or digit). This is GTO's
    /// rule without '/', because a name is one folder of the deploy repository.
    /// </summary>
    public static bool IsName(string? text) =>
        text is { Length: >= 2 and <= MaxName }
        && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && !text.AsSpan().ContainsAnyExcept(Alphanumerics + "-_");

    /// <summary>A device name may hold dots too (host names); still one path segment.</summary>
    public static bool IsDeviceName(string? text) =>
        text is { Length: >= 1 and <= MaxName } && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && !text.AsSpan().ContainsAnyExcept(Alphanumerics + "-_.");

    /// <summary>
    /// A relative path with '/' between segments that stays inside its folder on every system: no empty, '.' or '..' segment, no
    /// backslash, colon, control character, or trailing dot or blank; at most 255 characters.
    /// </summary>
    public static bool IsConfinedPath(string? path)
    {
        if (path is not { Length: > 0 and <= MaxPath })
            return false;
        foreach (var character in path)
        {
            if (char.IsControl(character) || char.IsSurrogate(character) || character is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|')
                return false;
        }

        foreach (var segment in path.Split('/'))
        {
            if (segment.Length == 0 || segment[^1] is '.' or ' ' || segment[0] == ' ')
                return false;
        }

        return true;
    }

    /// <summary>Foreign text for a message: quoted, shortened, without control characters.</summary>
    public static string Quote(string? text)
    {
        if (text is null)
            return "nothing";
        var shown = text.Length > 80 ? text[..80] + "…" : text;
        return "'" + string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c)) + "'";
    }
}
