using System.Text;
using System.Text.RegularExpressions;

namespace Ci.Testing;

/// <summary>
/// The tables of inputs and outputs in the guide, made from what they describe: action.yml and the GitLab component. The build writes
/// them between markers, and a test holds the pages to their sources.
/// </summary>
public static partial class InputTables
{
    /// <summary>A page, what it documents, and the section of it.</summary>
    public static readonly IReadOnlyList<(string Page, string Source, string Section)> All =
    [
        ("docs/guide/action.md", "action.yml", "inputs"),
        ("docs/guide/action.md", "action.yml", "outputs"),
        ("docs/guide/gitlab-component.md", "templates/gitlab/mlops.yml", "inputs"),
    ];

    /// <summary>The page's text with its tables made anew; an error where it has no place for one.</summary>
    public static string Renew(string page)
    {
        var text = File.ReadAllText(RepositoryRoot.At(page.Split('/')));
        foreach (var (_, source, section) in All.Where(table => table.Page == page))
        {
            var (begin, end) = ($"<!-- {section} of {source}: written by `{CommandLinePage.Remedy}` -->\n", $"<!-- end of {section} -->\n");
            var from = text.IndexOf(begin, StringComparison.Ordinal);
            var to = from < 0 ? -1 : text.IndexOf(end, from, StringComparison.Ordinal);
            if (to < 0)
                throw new InvalidOperationException($"{page} has no lines `{begin.Trim()}` and `{end.Trim()}` for the table to stand between");
            text = text[..(from + begin.Length)] + "\n" + Table(Entries(File.ReadAllText(RepositoryRoot.At(source.Split('/'))), section)) + "\n" + text[to..];
        }

        return text;
    }

    /// <summary>The entries of one section: plain YAML as we write it ourselves, so a mapping of mappings of one-line or folded values; anything else is refused.</summary>
    public static IReadOnlyList<InputEntry> Entries(string yaml, string section)
    {
        var lines = yaml.ReplaceLineEndings("\n").Split('\n').TakeWhile(line => line != "---").Where(line => !line.TrimStart().StartsWith('#')).ToList();
        var start = lines.FindIndex(line => line.Trim() == section + ":");
        if (start < 0)
            throw new InvalidOperationException($"there is no section {section}");
        var indent = Indent(lines[start]);
        var entries = new List<InputEntry>();
        for (var at = start + 1; at < lines.Count && (lines[at].Length == 0 || Indent(lines[at]) > indent); at++)
        {
            var line = lines[at];
            if (line.Length == 0)
                continue;
            if (Indent(line) == indent + 2)
                entries.Add(new InputEntry(Name().Match(line) is { Success: true } name ? name.Groups[1].Value : throw Odd(line), new Dictionary<string, string>(StringComparer.Ordinal)));
            else if (Indent(line) == indent + 4 && Field().Match(line) is { Success: true } field)
                entries[^1].Fields[field.Groups[1].Value] = Value(field.Groups[2].Value, lines, ref at, indent + 4);
            else
                throw Odd(line);
        }

        return entries;
    }

    private static string Value(string written, List<string> lines, ref int at, int indent)
    {
        // A list below its key, or text that goes on below it, folded.
        if (written is "" or ">-" or ">" or "|")
        {
            var parts = new List<string>();
            while (at + 1 < lines.Count && lines[at + 1].Length > 0 && Indent(lines[at + 1]) > indent)
                parts.Add(lines[++at].Trim());
            return written.Length > 0 ? string.Join(' ', parts) : $"[{string.Join(", ", parts.Select(part => part.TrimStart('-').Trim()))}]";
        }

        return written is ['"', .., '"'] or ['\'', .., '\''] ? written[1..^1] : written;
    }

    private static string Table(IReadOnlyList<InputEntry> entries)
    {
        var hasDefaults = entries.Any(entry => entry.Fields.ContainsKey("default"));
        var table = new StringBuilder(hasDefaults ? "| name | default | what |\n| --- | --- | --- |\n" : "| name | what |\n| --- | --- |\n");
        foreach (var (name, fields) in entries)
        {
            var standard = !fields.TryGetValue("default", out var value) ? "(needed)" : value.Length == 0 ? "" : $"`{value}`";
            table.Append("| `").Append(name).Append("` | ");
            if (hasDefaults)
                table.Append(Cell(standard)).Append(standard.Length > 0 ? " | " : "| ");
            table.Append(Cell(fields.GetValueOrDefault("description", "") + (fields.TryGetValue("options", out var options) ? $" One of {options}." : ""))).Append(" |\n");
        }

        return table.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Trim();

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    private static InvalidOperationException Odd(string line) => new($"'{line}' is YAML of a kind that the tables of the guide are not made from: write one line or a folded text (>-) a field");

    [GeneratedRegex(@"^ +([\w-]+): *(?:\{\})?$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^ +([\w-]+): *(.*?) *$")]
    private static partial Regex Field();
}
