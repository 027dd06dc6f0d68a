using System.Globalization;
using System.Text;

namespace Ci.Data.Yaml;

/// <summary>How one string stands in a YAML file: plain where it can, else in single quotes, else in double quotes, folded at 80 columns.</summary>
internal static class YamlText
{
    private const int Width = 80;
    private const int MaxKeyLength = 128;
    private const string LineBreaks = "\n\x85\u2028\u2029";

    public static void Append(StringBuilder target, string value, int column, int indent, bool isKey)
    {
        var style = StyleOf(value);
        var fold = !isKey || !IsSimpleKey(value);
        if (style == '"')
            DoubleQuoted(target, value, column, indent, fold);
        else if (style == '\'')
        {
            target.Append('\'');
            Folded(target, value.Replace("'", "''", StringComparison.Ordinal), column + 1, indent, fold, isPlain: false);
            target.Append('\'');
        }
        else
            Folded(target, value, column, indent, fold, isPlain: true);
    }

    /// <summary>The text can stand before a colon on one line; others are written behind a question mark.</summary>
    public static bool IsSimpleKey(string value) => value.Length > 0 && Length(value) < MaxKeyLength && !value.AsSpan().ContainsAny(LineBreaks);

    // The order of preference is that of DVC's emitter: a string that cannot be plain and holds a quote or a line break is double-quoted.
    private static char StyleOf(string value)
    {
        if (value.Length == 0)
            return '\'';
        var special = value.Any(c => !(c is '\n' or (>= ' ' and <= '~') or '\x85' or (>= '\xA0' and not '\uFEFF' and not '\uFFFE' and not '\uFFFF')));
        // A reader would take the rarer line breaks for blanks.
        if (special || value.AsSpan().ContainsAny("\x85\u2028\u2029"))
            return '"';
        if (!value.Contains('\n') && CanBePlain(value))
            return ' ';
        if (value.Contains('\'') || value.Contains('\n'))
            return '"';
        return '\'';
    }

    private static bool CanBePlain(string value)
    {
        if (!YamlScalars.StaysText(value) || value[0] == ' ' || value[^1] == ' ')
            return false;
        if (value.StartsWith("---", StringComparison.Ordinal) || value.StartsWith("...", StringComparison.Ordinal))
            return false;
        if ("#,[]{}&*!|>'\"%@`".Contains(value[0], StringComparison.Ordinal))
            return false;
        if (value[0] is '-' or '?' or ':' && (value.Length == 1 || value[1] == ' '))
            return false;
        for (var i = 1; i < value.Length; i++)
        {
            if (value[i] == ':' && (i + 1 == value.Length || value[i + 1] == ' '))
                return false;
            if (value[i] == '#' && value[i - 1] == ' ')
                return false;
        }

        return true;
    }

    // A line may break at a single space once it has grown beyond the width; inside of quotes not at the first or last one.
    private static void Folded(StringBuilder target, string value, int column, int indent, bool fold, bool isPlain)
    {
        var start = 0;
        while (start < value.Length)
        {
            var end = value.IndexOf(' ', start);
            if (end < 0)
                end = value.Length;
            target.Append(value, start, end - start);
            column += Length(value.AsSpan(start, end - start));
            var spaces = end;
            while (spaces < value.Length && value[spaces] == ' ')
                spaces++;
            if (fold && spaces - end == 1 && column > Width && (isPlain ? spaces < value.Length : end > 0 && spaces < value.Length))
            {
                target.Append('\n').Append(' ', indent);
                column = indent;
            }
            else
            {
                target.Append(' ', spaces - end);
                column += spaces - end;
            }

            start = spaces;
        }
    }

    // Breaks before a space or right behind an escape, once what is pending reaches beyond the width.
    private static void DoubleQuoted(StringBuilder target, string value, int column, int indent, bool fold)
    {
        target.Append('"');
        column++;
        var runes = value.EnumerateRunes().ToArray();
        var start = 0;
        for (var end = 0; end <= runes.Length; end++)
        {
            var escape = end < runes.Length ? Escaped(runes[end]) : "";
            if (escape is not null)
            {
                column += Write(target, runes, start, end) + escape.Length;
                target.Append(escape);
                start = end < runes.Length ? end + 1 : end;
            }

            if (!fold || end == 0 || end >= runes.Length - 1 || (runes[end].Value != ' ' && start < end) || column + (end - start) <= Width)
                continue;
            Write(target, runes, start, end);
            start = Math.Max(start, end);
            target.Append("\\\n").Append(' ', indent);
            column = indent;
            if (runes[start].Value == ' ')
            {
                target.Append('\\');
                column++;
            }
        }

        target.Append('"');
    }

    private static int Write(StringBuilder target, Rune[] runes, int start, int end)
    {
        for (var i = start; i < end; i++)
            target.Append(runes[i].ToString());
        return Math.Max(0, end - start);
    }

    // In code points, as Python counts.
    private static int Length(ReadOnlySpan<char> text)
    {
        var length = 0;
        foreach (var c in text)
            length += char.IsLowSurrogate(c) ? 0 : 1;
        return length;
    }

    private static string? Escaped(Rune rune) => rune.Value switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        '\0' => "\\0",
        '\a' => "\\a",
        '\b' => "\\b",
        '\f' => "\\f",
        '\v' => "\\v",
        '\x1b' => "\\e",
        '\x85' => "\\N",
        '\u2028' => "\\L",
        '\u2029' => "\\P",
        < ' ' or (>= '\x7f' and < '\xA0') => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}"),
        '\uFEFF' => "\\uFEFF",
        > 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
        > 0xFFFD => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
        _ => null,
    };
}
