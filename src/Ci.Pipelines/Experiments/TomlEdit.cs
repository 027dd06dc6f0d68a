using Ci.Data;

namespace Ci.Pipelines.Experiments;

/// <summary>Changes one value in a TOML text and nothing else. Whoever calls it reads the result again and compares.</summary>
internal sealed class TomlEdit(string text)
{
    private readonly List<string> lines = [.. text.Split('\n')];

    /// <summary>The text with the key set, made in its table where it is missing; null when that cannot be done in place.</summary>
    public string? Set(IReadOnlyList<string> path, object? value)
    {
        if (Written(value) is not { } written)
            return null;
        var (at, _) = this.Find(path);
        if (at >= 0)
        {
            var equals = this.lines[at].IndexOf('=', StringComparison.Ordinal) + 1;
            var (start, end) = ValueIn(this.lines[at], equals);
            // A value over several lines is no longer one line's business.
            if (end < 0)
                return null;
            this.lines[at] = this.lines[at][..start] + written + this.lines[at][end..];
            return string.Join('\n', this.lines);
        }

        this.Insert([.. path], written);
        return string.Join('\n', this.lines);
    }

    public string? Remove(IReadOnlyList<string> path)
    {
        var (at, _) = this.Find(path);
        if (at < 0)
            return null;
        this.lines.RemoveAt(at);
        return string.Join('\n', this.lines);
    }

    private void Insert(List<string> path, string written)
    {
        var table = path.Count == 1 ? "" : string.Join('.', path.Take(path.Count - 1));
        var last = -1;
        var current = "";
        for (var i = 0; i < this.lines.Count; i++)
        {
            if (Header(this.lines[i]) is { } header)
                current = header;
            if (current == table && this.lines[i].Trim().Length > 0)
                last = i;
        }

        if (last < 0 && table.Length > 0)
        {
            while (this.lines.Count > 0 && this.lines[^1].Length == 0)
                this.lines.RemoveAt(this.lines.Count - 1);
            this.lines.AddRange(["", $"[{table}]", $"{path[^1]} = {written}", ""]);
        }
        else
            this.lines.Insert(last + 1, $"{path[^1]} = {written}");
    }

    private (int Line, string Table) Find(IReadOnlyList<string> path)
    {
        var wanted = string.Join('.', path);
        var table = "";
        for (var i = 0; i < this.lines.Count; i++)
        {
            if (Header(this.lines[i]) is { } header)
                table = header;
            else if (this.lines[i].IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
            {
                var key = this.lines[i][..equals].Trim().Replace("\"", "", StringComparison.Ordinal);
                if ((table.Length == 0 ? key : $"{table}.{key}") == wanted)
                    return (i, table);
            }
        }

        return (-1, "");
    }

    private static string? Header(string line) => line.Trim() is ['[', not '[', ..] trimmed && trimmed.IndexOf(']', StringComparison.Ordinal) is var end and > 0 ? trimmed[1..end].Trim() : null;

    // From the first character of the value to behind its last one; a comment and the space before it stay.
    private static (int Start, int End) ValueIn(string line, int from)
    {
        var start = from;
        while (start < line.Length && line[start] == ' ')
            start++;
        var (quote, depth, end) = ('\0', 0, start);
        for (var i = start; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0')
            {
                if (c == '\\' && quote == '"')
                    i++;
                else if (c == quote)
                    quote = '\0';
            }
            else if (c is '"' or '\'')
                quote = c;
            else if (c == '#')
                break;
            else if (c is '[' or '{')
                depth++;
            else if (c is ']' or '}')
                depth--;
            if (!char.IsWhiteSpace(c))
                end = Math.Min(i + 1, line.Length);
        }

        return (start, quote == '\0' && depth == 0 ? end : -1);
    }

    private static string? Written(object? value) => value switch
    {
        null => null,
        bool or long or string => PythonText.Json(value),
        double number when double.IsNaN(number) => "nan",
        double number when double.IsInfinity(number) => number > 0 ? "inf" : "-inf",
        double number => PythonText.OfDouble(number),
        IReadOnlyList<object?> list when list.Select(Written).ToList() is var items && !items.Contains(null) => $"[{string.Join(", ", items)}]",
        OrderedDictionary<string, object?> map when map.Select(p => (p.Key, Text: Written(p.Value))).ToList() is var items && items.All(i => i.Text is not null) =>
            $"{{{string.Join(", ", items.Select(i => $"{PythonText.Json(i.Key)} = {i.Text}"))}}}",
        _ => null,
    };
}
