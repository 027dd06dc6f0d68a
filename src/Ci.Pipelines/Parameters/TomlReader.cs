using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ci.Pipelines.Parameters;

/// <summary>
/// Reads the TOML that parameter files are written in: tables, arrays of tables, dotted and quoted keys, strings, numbers,
/// booleans, arrays, inline tables. A date is its text.
/// </summary>
internal sealed partial class TomlReader
{
    private readonly string text;
    private readonly string name;
    private int at;

    private TomlReader(string text, string name)
    {
        this.text = text;
        this.name = name;
    }

    public static OrderedDictionary<string, object?> Read(string text, string name) => new TomlReader(text.Replace("\r\n", "\n", StringComparison.Ordinal), name).Document();

    private static OrderedDictionary<string, object?> NewTable() => new(StringComparer.Ordinal);

    private OrderedDictionary<string, object?> Document()
    {
        var root = NewTable();
        var table = root;
        for (this.SkipBlank(lines: true); this.at < this.text.Length; this.SkipBlank(lines: true))
        {
            if (this.text[this.at] == '[')
            {
                table = this.Header(root);
            }
            else
                this.Pair(table);
            this.SkipBlank(lines: false);
            if (this.at < this.text.Length && this.text[this.at] != '\n')
                throw this.Error("expected the end of the line");
        }

        return root;
    }

    private OrderedDictionary<string, object?> Header(OrderedDictionary<string, object?> root)
    {
        this.Expect('[');
        var isArray = this.Take('[');
        var path = this.Key();
        this.Expect(']');
        if (isArray)
            this.Expect(']');
        var parent = this.Descend(root, path.Take(path.Count - 1));
        if (!isArray)
            return this.Descend(parent, path.TakeLast(1));
        if (!parent.TryGetValue(path[^1], out var existing))
            parent[path[^1]] = existing = new List<object?>();
        if (existing is not List<object?> list)
            throw this.Error($"`{path[^1]}` is no array of tables");
        var table = NewTable();
        list.Add(table);
        return table;
    }

    private OrderedDictionary<string, object?> Descend(OrderedDictionary<string, object?> from, IEnumerable<string> path)
    {
        foreach (var part in path)
        {
            if (!from.TryGetValue(part, out var next))
                from[part] = next = NewTable();
            from = next switch
            {
                OrderedDictionary<string, object?> table => table,
                List<object?> { Count: > 0 } list when list[^1] is OrderedDictionary<string, object?> last => last,
                _ => throw this.Error($"`{part}` is a value already, no table"),
            };
        }

        return from;
    }

    private void Pair(OrderedDictionary<string, object?> table)
    {
        var path = this.Key();
        this.Expect('=');
        this.SkipBlank(lines: false);
        var target = this.Descend(table, path.Take(path.Count - 1));
        if (!target.TryAdd(path[^1], this.Value(0)))
            throw this.Error($"`{path[^1]}` stands twice");
    }

    private List<string> Key()
    {
        var parts = new List<string>();
        do
        {
            this.SkipBlank(lines: false);
            if (this.at < this.text.Length && this.text[this.at] is '"' or '\'')
                parts.Add(this.String());
            else
            {
                var start = this.at;
                while (this.at < this.text.Length && (char.IsAsciiLetterOrDigit(this.text[this.at]) || this.text[this.at] is '_' or '-'))
                    this.at++;
                if (this.at == start)
                    throw this.Error("expected a key");
                parts.Add(this.text[start..this.at]);
            }

            this.SkipBlank(lines: false);
        }
        while (this.Take('.'));
        return parts;
    }

    private object Value(int depth)
    {
        if (depth > 100 || this.at >= this.text.Length)
            throw this.Error("expected a value");
        switch (this.text[this.at])
        {
            case '"' or '\'':
                return this.String();
            case '[':
                return this.Array(depth);
            case '{':
                return this.InlineTable();
            default:
                var start = this.at;
                while (this.at < this.text.Length && this.text[this.at] is not (',' or ']' or '}' or '\n' or '#' or ' ' or '\t'))
                    this.at++;
                return this.Plain(this.text[start..this.at]);
        }
    }

    private object Plain(string word)
    {
        var digits = word.Replace("_", "", StringComparison.Ordinal);
        if (word is "true" or "false")
            return word == "true";
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer;
        if (digits.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
            return hex;
        if (digits.TrimStart('+', '-') is "inf" or "nan")
            return digits.EndsWith("nan", StringComparison.Ordinal) ? double.NaN : digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        if (digits.Length > 2 && digits[0] == '0' && digits[1] is 'b' or 'o' && digits.AsSpan(2).IndexOfAnyExceptInRange('0', digits[1] == 'b' ? '1' : '7') < 0 && digits.Length < 22)
            return digits.Skip(2).Aggregate(0L, (sum, c) => (sum * (digits[1] == 'b' ? 2 : 8)) + (c - '0'));
        if (word.Length >= 8 && Date().IsMatch(word))
            return word;
        if (double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real))
            return real;
        throw this.Error($"`{word}` is not a value that is understood");
    }

    private List<object?> Array(int depth)
    {
        var list = new List<object?>();
        this.Expect('[');
        for (this.SkipBlank(lines: true); !this.Take(']'); this.SkipBlank(lines: true))
        {
            list.Add(this.Value(depth + 1));
            this.SkipBlank(lines: true);
            if (!this.Take(',') && (this.at >= this.text.Length || this.text[this.at] != ']'))
                throw this.Error("expected `,` or `]`");
        }

        return list;
    }

    private OrderedDictionary<string, object?> InlineTable()
    {
        var table = NewTable();
        this.Expect('{');
        for (this.SkipBlank(lines: false); !this.Take('}'); this.SkipBlank(lines: false))
        {
            this.Pair(table);
            this.SkipBlank(lines: false);
            if (!this.Take(',') && (this.at >= this.text.Length || this.text[this.at] != '}'))
                throw this.Error("expected `,` or `}`");
        }

        return table;
    }

    private string String()
    {
        var quote = this.text[this.at];
        if (this.text.AsSpan(this.at).StartsWith(new string(quote, 3)))
            return this.LongString(quote);
        var result = new StringBuilder();
        for (this.at++; this.at < this.text.Length && this.text[this.at] != '\n'; this.at++)
        {
            var c = this.text[this.at];
            if (c == quote)
            {
                this.at++;
                return result.ToString();
            }

            result.Append(c == '\\' && quote == '"' ? this.Escape() : c.ToString());
        }

        throw this.Error("a string does not end");
    }

    // Three quotes: over lines, without a line break right behind them; a backslash at a line's end takes the blanks that follow.
    private string LongString(char quote)
    {
        var result = new StringBuilder();
        this.at += this.text.AsSpan(this.at + 3).StartsWith("\n") ? 4 : 3;
        for (; this.at < this.text.Length; this.at++)
        {
            var c = this.text[this.at];
            if (c == quote && this.text.AsSpan(this.at).StartsWith(new string(quote, 3)))
            {
                // Up to two quotes may stand before the three that end it.
                for (this.at += 3; this.Take(quote);)
                    result.Append(quote);
                return result.ToString();
            }

            if (c != '\\' || quote != '"')
                result.Append(c);
            else if (this.text.AsSpan(this.at + 1).TrimStart(" \t").StartsWith("\n"))
                this.at = this.text.Length - this.text.AsSpan(this.at + 1).TrimStart(" \t\n").Length - 1;
            else
                result.Append(this.Escape());
        }

        throw this.Error("a string does not end");
    }

    private string Escape()
    {
        this.at++;
        var c = this.at < this.text.Length ? this.text[this.at] : '\0';
        if (c is 'u' or 'U')
        {
            var length = c == 'u' ? 4 : 8;
            if (this.at + length < this.text.Length && int.TryParse(this.text.AsSpan(this.at + 1, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point)
                && point is (>= 0 and < 0xD800) or (>= 0xE000 and <= 0x10FFFF))
            {
                this.at += length;
                return char.ConvertFromUtf32(point);
            }

            throw this.Error("not a Unicode escape");
        }

        return c switch
        {
            'n' => "\n", 't' => "\t", 'r' => "\r", 'b' => "\b", 'f' => "\f", '"' => "\"", '\\' => "\\",
            _ => throw this.Error($"`\\{c}` is no escape"),
        };
    }

    private void SkipBlank(bool lines)
    {
        while (this.at < this.text.Length)
        {
            var c = this.text[this.at];
            if (c == '#')
            {
                while (this.at < this.text.Length && this.text[this.at] != '\n')
                    this.at++;
            }
            else if (c is ' ' or '\t' || (lines && c == '\n'))
                this.at++;
            else
                return;
        }
    }

    private bool Take(char c)
    {
        if (this.at >= this.text.Length || this.text[this.at] != c)
            return false;
        this.at++;
        return true;
    }

    private void Expect(char c)
    {
        this.SkipBlank(lines: false);
        if (!this.Take(c))
            throw this.Error($"expected `{c}`");
    }

    private PipelineException Error(string message) =>
        new($"{this.name}:{this.text.AsSpan(0, Math.Min(this.at, this.text.Length)).Count('\n') + 1}: not valid TOML: {message}");

    [GeneratedRegex(@"^([0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9:.]+([Zz]|[-+][0-9]{2}:[0-9]{2})?)?|[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Date();
}
