using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Ci.Data;

namespace Ci.Cli.Verbs;

/// <summary>Values as tables and JSON, in the forms that users of <c>metrics</c> and <c>params</c> know.</summary>
internal static class ValueTable
{
    private const int Digits = 5;
    private const int MostDigits = 300;

    public static Option<int?> Precision() => new("--precision") { Description = $"Digits after the point; {Digits} if absent." };

    /// <summary>What <c>--precision</c> says; none and 0 mean the usual digits, as with DVC.</summary>
    public static int DigitsOf(int? precision) => precision switch
    {
        null or 0 => Digits,
        < 0 or > MostDigits => throw new CliException($"--precision is {precision}; it counts digits after the point, 1 to {MostDigits}", ExitCode.Usage),
        { } digits => digits,
    };

    /// <summary>Columns as wide as they need, headers with room; as Markdown with pipes and a blank line behind, so that text may follow.</summary>
    public static void Write(CliContext context, IReadOnlyList<string> headers, IReadOnlyList<string[]> rows, bool markdown, bool evenEmpty = false)
    {
        if (rows.Count == 0 && !evenEmpty)
            return;
        if (markdown)
        {
            rows = [.. rows.Select(row => row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)).ToArray())];
            var widths = Widths(headers, rows);
            context.Line(Piped(headers, widths));
            context.Line($"|{string.Join('|', widths.Select(w => new string('-', w + 2)))}|");
            foreach (var row in rows)
                context.Line(Piped(row, widths));
            context.Line();
            return;
        }

        var columns = Widths(headers, rows);
        foreach (var row in rows.Prepend(headers))
            context.Line(string.Concat(row.Select((cell, i) => i == columns.Length - 1 ? cell : cell.PadRight(columns[i] + 2))));
    }

    /// <summary>A value in a cell; fractions rounded to the given digits after the point.</summary>
    public static string Cell(object? value, int? digits = null) => value switch
    {
        null => "-",
        bool flag => flag ? "True" : "False",
        double number => PythonText.OfDouble(digits is { } n ? Rounded(number, n) : number),
        string text => text.Replace('\n', ' '),
        _ => PythonText.Repr(value),
    };

    public static JsonNode? Json(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        long number => JsonValue.Create(number),
        // As Python writes it: a whole number that is a fraction keeps its point.
        double number => double.IsFinite(number) ? JsonNode.Parse(PythonText.OfDouble(number)) : JsonValue.Create(PythonText.OfDouble(number)),
        BigInteger number => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)),
        OrderedDictionary<string, object?> map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Json(p.Value)))),
        IReadOnlyList<object?> list => new JsonArray([.. list.Select(Json)]),
        _ => JsonValue.Create(PythonText.Json(value)),
    };

    /// <summary>As <see cref="Json"/>, but a list is one text: what DVC compares, and writes.</summary>
    public static JsonNode? JsonOfDiff(object? value) => value is IReadOnlyList<object?> ? JsonValue.Create(PythonText.Repr(value)) : Json(value);

    /// <summary>
    /// To digits after the point as Python rounds: by the number's exact decimal expansion, halves to the even digit. Scaling first, as
    /// <see cref="Math.Round(double, int)"/> does, rounds 2.675 up.
    /// </summary>
    internal static double Rounded(double value, int digits)
    {
        if (!double.IsFinite(value))
            return value;
        var scale = Math.Pow(10, Math.Min(digits, 22));
        var halves = value * 2 * scale;
        var isTie = digits <= 22 && Math.Abs(halves) < 1L << 53 && halves == Math.Floor(halves) && halves % 2 != 0 && Math.FusedMultiplyAdd(value, 2 * scale, -halves) == 0;
        return isTie
            ? Math.Round(halves / 2, MidpointRounding.ToEven) / scale
            : double.Parse(value.ToString($"F{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static int[] Widths(IReadOnlyList<string> headers, IReadOnlyList<string[]> rows) =>
        [.. headers.Select((header, i) => rows.Select(row => row[i].Length).Append(header.Length + 2).Max())];

    private static string Piped(IReadOnlyList<string> cells, int[] widths) => $"| {string.Join(" | ", cells.Select((cell, i) => cell.PadRight(widths[i])))} |";
}
