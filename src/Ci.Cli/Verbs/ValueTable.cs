using System.Text.Json.Nodes;
using Ci.Data;

namespace Ci.Cli.Verbs;

/// <summary>Values as tables and JSON, in the forms that users of <c>metrics</c> and <c>params</c> know.</summary>
internal static class ValueTable
{
    /// <summary>Columns as wide as they need, headers with room; as Markdown with pipes.</summary>
    public static void Write(CliContext context, IReadOnlyList<string> headers, IReadOnlyList<string[]> rows, bool markdown)
    {
        if (rows.Count == 0)
            return;
        var widths = headers.Select((header, i) => Math.Max(header.Length + 2, rows.Max(row => row[i].Length))).ToArray();
        if (markdown)
        {
            context.Line(Piped(headers, widths));
            context.Line($"|{string.Join('|', widths.Select(w => new string('-', w + 2)))}|");
            foreach (var row in rows)
                context.Line(Piped(row, widths));
            return;
        }

        foreach (var row in rows.Prepend(headers))
            context.Line(string.Concat(row.Select((cell, i) => i == widths.Length - 1 ? cell : cell.PadRight(widths[i] + 2))));
    }

    /// <summary>A value in a cell; fractions rounded to the given digits after the point.</summary>
    public static string Cell(object? value, int? digits = null) => value switch
    {
        null => "-",
        bool flag => flag ? "True" : "False",
        double number => PythonText.OfDouble(digits is { } n && double.IsFinite(number) ? Math.Round(number, n) : number),
        string text => text.Replace('\n', ' ').Replace("|", "\\|", StringComparison.Ordinal),
        _ => PythonText.Repr(value).Replace("|", "\\|", StringComparison.Ordinal),
    };

    public static JsonNode? Json(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        long number => JsonValue.Create(number),
        double number => double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(PythonText.OfDouble(number)),
        OrderedDictionary<string, object?> map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Json(p.Value)))),
        IReadOnlyList<object?> list => new JsonArray([.. list.Select(Json)]),
        _ => JsonValue.Create(PythonText.Json(value)),
    };

    private static string Piped(IReadOnlyList<string> cells, int[] widths) => $"| {string.Join(" | ", cells.Select((cell, i) => cell.PadRight(widths[i])))} |";
}
