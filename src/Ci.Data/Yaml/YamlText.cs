using System.Globalization;
using System.Text;

namespace Ci.Data.Yaml;

/// <summary>How one string stands in a YAML file: plain where it can, else in single quotes, else in double quotes, folded at 80 columns.</summary>
internal static class YamlText
{
    private const int Width = 80;

    public static void Append(StringBuilder target, string value, int column, int indent, bool isKey)
    {
        var style = StyleOf(value);
        var fold = !isKey;
        if (style == '"')
            DoubleQuoted(target, value, column, indent, fold);
        else
            Folded(target, style == '\'' ? $"'{value.Replace("'", "''", StringComparison.Ordinal)}'" : value, column, indent, fold);
    }

    // The order of preference is that of DVC's emitter: a string that cannot be plain and holds a quote or a line break is double-quoted.
    private static char StyleOf(string value)
    {
        if (value.Length == 0)
            return '\'';
        var special = value.Any(c => !(c is '\n' or (>= ' ' and <= '~') or '\x85' or (>= '\xA0' and not '\uFEFF')));
        if (special)
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

    // A line may break at a single space once it has grown beyond the width.
    private static void Folded(StringBuilder target, string value, int column, int indent, bool fold)
    {
        var start = 0;
        while (start < value.Length)
        {
            var end = value.IndexOf(' ', start);
            if (end < 0)
                end = value.Length;
            target.Append(value, start, end - start);
            column += end - start;
            var spaces = end;
            while (spaces < value.Length && value[spaces] == ' ')
                spaces++;
            if (fold && spaces - end == 1 && column > Width && spaces < value.Length)
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

    private static void DoubleQuoted(StringBuilder target, string value, int column, int indent, bool fold)
    {
        target.Append('"');
        column++;
        for (var i = 0; i < value.Length; i++)
        {
            var piece = Escaped(value[i]);
            if (fold && value[i] == ' ' && i > 0 && i < value.Length - 1 && column > Width)
            {
                target.Append("\\\n").Append(' ', indent).Append('\\');
                column = indent + 1;
            }

            target.Append(piece);
            column += piece.Length;
        }

        target.Append('"');
    }

    private static string Escaped(char c) => c switch
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
        < ' ' or '\x7f' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
        '\uFEFF' => "\\uFEFF",
        _ => c.ToString(),
    };
}
