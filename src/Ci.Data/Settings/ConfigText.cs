namespace Ci.Data.Settings;

/// <summary>
/// The grammar of DVC's settings, which is ConfigObj's: <c>[core]</c>, <c>['remote "name"']</c>, <c>key = value</c>, comments behind
/// <c>#</c>, and quotes around values that hold commas, quotes or comments.
/// </summary>
internal static class ConfigText
{
    private const int MostBytes = 1 << 20;
    private const string Blank = " \t'\"";

    public static readonly string[] Named = ["remote", "machine", "db"];

    /// <summary>The lines of a file; none where there is no file.</summary>
    public static IReadOnlyList<string> ReadLines(string file, string shown)
    {
        var info = new FileInfo(file);
        if (!info.Exists)
            return [];
        return info.Length <= MostBytes ? File.ReadAllLines(file) : throw new ProjectConfigException($"{shown}: larger than {MostBytes >> 20} MiB, which no settings are");
    }

    public static IReadOnlyList<ConfigEntry> Parse(IReadOnlyList<string> lines, string shown)
    {
        var entries = new List<ConfigEntry>();
        (string Section, string Name)? at = null;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim().TrimStart('\ufeff');
            if (line.Length == 0 || line[0] is '#' or ';')
                continue;
            if (line[0] == '[')
            {
                at = SectionOf(line) ?? throw new ProjectConfigException($"{shown}:{i + 1}: a section is [core] or ['remote \"NAME\"'], not {line}");
                ConfigSchema.CheckSection(at.Value.Section, $"{shown}:{i + 1}");
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || at is not { } inside)
                throw new ProjectConfigException($"{shown}:{i + 1}: expected `key = value` below a [section]");
            entries.Add(new ConfigEntry(inside.Section, inside.Name, line[..equals].Trim().Trim('"', '\'').ToLowerInvariant(), Unquoted(line[(equals + 1)..].Trim(), $"{shown}:{i + 1}"), i + 1));
        }

        return entries;
    }

    /// <summary>The section that a line begins; null when it begins none.</summary>
    public static (string Section, string Name)? SectionOf(string line)
    {
        var text = line.Trim();
        var close = text.LastIndexOf(']');
        if (!text.StartsWith('[') || close < 0)
            return null;
        var name = text[1..close].Trim().Trim('\'').Trim().ToLowerInvariant();
        foreach (var kind in Named)
        {
            if (name.StartsWith(kind, StringComparison.Ordinal) && name[kind.Length..].Trim() is ['"', .. var inner, '"'])
                return (kind, inner);
        }

        return name.Length == 0 || name.Contains('"', StringComparison.Ordinal) ? null : (name, "");
    }

    public static string Header(string section, string name) => name.Length == 0 ? $"[{section}]" : $"['{section} \"{name}\"']";

    /// <summary>A value as it must stand in the file to be read back.</summary>
    public static string Quoted(string value)
    {
        if (value.Any(char.IsControl))
            throw new DataException("a setting is one line of text without control characters");
        if (value.Length == 0)
            return "\"\"";
        var plain = !Blank.Contains(value[0], StringComparison.Ordinal) && !Blank.Contains(value[^1], StringComparison.Ordinal) && !value.Contains(',', StringComparison.Ordinal) && !value.Contains('#', StringComparison.Ordinal);
        if (plain)
            return value;
        if (!value.Contains('"', StringComparison.Ordinal))
            return $"\"{value}\"";
        return value.Contains('\'', StringComparison.Ordinal) ? throw new DataException("a setting that needs quotes cannot hold both kinds of them") : $"'{value}'";
    }

    private static string Unquoted(string value, string where)
    {
        if (value is ['"' or '\'', ..])
        {
            var quotes = value.StartsWith("'''", StringComparison.Ordinal) || value.StartsWith("\"\"\"", StringComparison.Ordinal) ? value[..3] : value[..1];
            var end = value.IndexOf(quotes, quotes.Length, StringComparison.Ordinal);
            if (end < 0)
                throw new ProjectConfigException($"{where}: a quote is not closed");
            var rest = value[(end + quotes.Length)..].Trim();
            if (rest.Length == 0 || rest[0] == '#')
                return value[quotes.Length..end];
        }

        var comment = value.IndexOf('#', StringComparison.Ordinal);
        var text = (comment < 0 ? value : value[..comment]).Trim();
        // A list of values; those that know lists take them parted by commas.
        return text.Contains(',', StringComparison.Ordinal) ? string.Join(',', text.Split(',').Select(part => part.Trim().Trim('"', '\''))) : text;
    }
}
