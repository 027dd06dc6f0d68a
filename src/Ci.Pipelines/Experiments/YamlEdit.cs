using Ci.Data;
using Ci.Data.Yaml;
using YamlDotNet.Core;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// Changes one value in a YAML or JSON text and nothing else: comments, order, quotes and blank lines stay. Whoever calls it reads the result
/// again and compares, so a text too clever for this is noticed, never spoilt.
/// </summary>
internal sealed class YamlEdit(string text, bool json)
{
    private readonly string line = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    /// <summary>The text with the key set, made where it is missing; null when that cannot be done in place.</summary>
    public string? Set(IReadOnlyList<string> path, object? value)
    {
        if (YamlSpan.Parse(text) is not { } at)
            return this.Appended(path, value);
        YamlSpan? key = null;
        for (var i = 0; i < path.Count; i++)
        {
            if (!at.IsCollection)
                return at.IsEmptyScalar || at.Text is "null" or "~" ? this.Replaced(key, at, Nested(path.Skip(i), value)) : null;
            if (at.Find(path[i]) is var index and >= 0)
                (key, at) = at.Entries[index];
            else
                return at.IsMapping ? this.Inserted(at, path.Skip(i).ToList(), value) : null;
        }

        return this.Replaced(key, at, value);
    }

    /// <summary>The text without the key; null when that cannot be done in place.</summary>
    public string? Remove(IReadOnlyList<string> path)
    {
        var at = YamlSpan.Parse(text);
        for (var i = 0; at is { IsCollection: true }; i++)
        {
            var index = at.Find(path[i]);
            if (index < 0)
                return null;
            if (i == path.Count - 1)
                return this.Without(at, index);
            at = at.Entries[index].Value;
        }

        return null;
    }

    private static object? Nested(IEnumerable<string> keys, object? value) =>
        keys.Reverse().Aggregate(value, (inner, key) => new OrderedDictionary<string, object?>(StringComparer.Ordinal) { [key] = inner });

    private string Replaced(YamlSpan? key, YamlSpan at, object? value)
    {
        if (at.IsEmptyScalar)
            return text.Insert(at.Start, " " + this.Flow(value));
        var start = at.IsCollection && !at.IsFlow && key is not null ? text.IndexOf(':', key.End) + 1 : at.Start;
        var space = start == at.Start ? "" : " ";
        var tail = at.End > start && text[at.End - 1] == '\n' ? this.line : "";
        return $"{text[..start]}{space}{this.Like(at, value)}{tail}{text[at.End..]}";
    }

    // A text keeps the quotes that stood there.
    private string Like(YamlSpan at, object? value) => (value, at.Style) switch
    {
        (string words, ScalarStyle.SingleQuoted) when !words.Contains('\n', StringComparison.Ordinal) => $"'{words.Replace("'", "''", StringComparison.Ordinal)}'",
        (string words, ScalarStyle.DoubleQuoted) => PythonText.Json(words),
        _ => this.Flow(value),
    };

    private string Inserted(YamlSpan map, List<string> keys, object? value)
    {
        if (map.IsFlow && map.Entries.Count == 0)
            return $"{text[..map.Start]}{{{this.Pair(keys, value)}}}{text[map.End..]}";
        var (first, last) = (map.Entries[0].Key!, map.Entries[^1].Value);
        var lineStart = text.LastIndexOf('\n', Math.Max(0, first.Start - 1)) + 1;
        var column = first.Start - lineStart;
        if (map.IsFlow)
            return text.Insert(last.End, (string.IsNullOrWhiteSpace(text[lineStart..first.Start]) ? $",{this.line}{text[lineStart..first.Start]}" : ", ") + this.Pair(keys, value));
        var block = string.Concat(keys.Select((key, i) => $"{(i == 0 ? "" : this.line)}{new string(' ', column + (2 * i))}{this.Flow(key)}:")) + " " + this.Flow(value);
        if (last.End > 0 && text[last.End - 1] == '\n')
            return text.Insert(last.End, block + this.line);
        var end = text.IndexOf('\n', last.End);
        end = end < 0 ? text.Length : end > 0 && text[end - 1] == '\r' ? end - 1 : end;
        return text.Insert(end, this.line + block);
    }

    private string Without(YamlSpan parent, int index)
    {
        var (key, value) = parent.Entries[index];
        if (parent.Entries.Count == 1)
            return $"{text[..parent.Start]}{(parent.IsMapping ? "{}" : "[]")}{text[parent.End..]}";
        var from = (key ?? value).Start;
        if (parent.IsFlow)
        {
            return index + 1 < parent.Entries.Count
                ? text[..from] + text[(parent.Entries[index + 1].Key ?? parent.Entries[index + 1].Value).Start..]
                : text[..parent.Entries[index - 1].Value.End] + text[value.End..];
        }

        from = text.LastIndexOf('\n', Math.Max(0, from - 1)) + 1;
        var to = text.IndexOf('\n', Math.Max(0, value.End - 1));
        return text[..from] + (to < 0 ? "" : text[(to + 1)..]);
    }

    private string? Appended(IReadOnlyList<string> path, object? value)
    {
        if (json)
            return null;
        var start = text.Length == 0 || text.EndsWith('\n') ? text : text + this.line;
        return start + YamlWriter.Write((OrderedDictionary<string, object?>)Nested(path, value)!);
    }

    private string Pair(List<string> keys, object? value) => $"{this.Flow(keys[0])}: {this.Flow(Nested(keys.Skip(1), value))}";

    private string Flow(object? value) => json ? PythonText.Json(value) : value switch
    {
        null => "null",
        OrderedDictionary<string, object?> map => $"{{{string.Join(", ", map.Select(p => $"{this.Flow(p.Key)}: {this.Flow(p.Value)}"))}}}",
        IReadOnlyList<object?> list => $"[{string.Join(", ", list.Select(this.Flow))}]",
        string words when words.Length == 0 || words.Length > 60 || words.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.' or '/' or '+')) => PythonText.Json(words),
        _ => YamlWriter.Write(new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["k"] = value })["k: ".Length..].TrimEnd('\n'),
    };
}
