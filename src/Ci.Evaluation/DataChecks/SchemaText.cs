using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ci.Evaluation;

/// <summary>An inferred schema as YAML with remarks: what was seen stands beside what was made of it.</summary>
internal static class SchemaText
{
    private const double Room = 0.25;

    public static string Of(string table, IReadOnlyList<InferredColumn> columns, long rows)
    {
        var text = new StringBuilder();
        text.Append($"# What {OneLine(table)} was like, with some room, written by `mlops data schema`. Read it, correct it, commit it.\n");
        text.Append("# Remarks say what was seen; docs/protocol/data-schema.md says what can be asked for.\n\n");
        text.Append($"schema: {DataSchema.CurrentSchema}\n");
        text.Append(CultureInfo.InvariantCulture, $"rows: {{min: {Math.Max(1, rows / 2)}}}    # {rows:#,0} seen\n");
        text.Append("extra_columns: forbid\n");
        text.Append("drift: {level: 0.01, distance: 0.1, missing: 0.05}    # against a --reference\n\ncolumns:\n");
        foreach (var column in columns)
            text.Append($"  {Quoted(column.Name)}: {{{string.Join(", ", Keys(column, rows))}}}{Remark(column)}\n");
        return text.ToString();
    }

    private static IEnumerable<string> Keys(InferredColumn column, long rows)
    {
        yield return $"type: {column.Type.Word()}";
        foreach (var key in column.Type switch
        {
            ColumnType.Whole or ColumnType.Number => OfNumbers(column),
            ColumnType.Date or ColumnType.DateTime => OfTimes(column),
            ColumnType.Category => [$"values: [{string.Join(", ", column.Values.Select(Quoted))}]"],
            ColumnType.Text when column.Count > 0 => [$"length: {{max: {Math.Max(8, column.Longest * 2)}}}"],
            _ => [],
        })
        {
            yield return key;
        }

        if (column.Missing > 0)
            yield return $"missing: {Math.Min(1, Math.Ceiling((((double)column.Missing / rows * 1.5) + 0.001) * 1000) / 1000).ToString(CultureInfo.InvariantCulture)}";
    }

    private static IEnumerable<string> OfNumbers(InferredColumn column)
    {
        if (SchemaInference.IsKey(column))
            return column.Step == 1 ? ["order: increasing", "step: 1"] : ["order: increasing"];
        if (column is { Type: ColumnType.Whole, Min: 0, Max: 1 })
            return ["values: [0, 1]"];
        if (double.IsNaN(column.Min))
            return [];
        var span = column.Max - column.Min;
        if (!(span > 0) || !double.IsFinite(span))
            return [$"min: {Number(column.Min)}", $"max: {Number(column.Max)}"];
        // Outwards to two digits of the span: people read 48,000 easier than 47,913.27.
        var unit = Math.Pow(10, Math.Floor(Math.Log10(span)) - 1);
        var least = Math.Floor((column.Min - (Room * span)) / unit) * unit;
        var most = Math.Ceiling((column.Max + (Room * span)) / unit) * unit;
        if (column.Type == ColumnType.Whole)
            (least, most) = (Math.Floor(least), Math.Ceiling(most));
        // What was never negative is rarely meant to be.
        if (column.Min >= 0)
            least = Math.Max(0, least);
        if (column.Max <= 0)
            most = Math.Min(0, most);
        return [$"min: {Number(Math.Round(least, 12))}", $"max: {Number(Math.Round(most, 12))}"];
    }

    private static IEnumerable<string> OfTimes(InferredColumn column)
    {
        if (!column.IsIncreasing || column.Missing > 0 || column.Count < 2)
            yield break;
        yield return "order: increasing";
        if (double.IsFinite(column.Step))
            yield return $"step: {CellValue.Distance(column.Step, column.Type)}";
    }

    private static string Remark(InferredColumn column)
    {
        List<string> seen = [];
        if (column.Count == 0)
            seen.Add("no cell holds anything");
        else if (column.Type.IsMeasure() && !double.IsNaN(column.Min))
            seen.Add(column.Min == column.Max ? $"always {CellValue.Text(column.Min, column.Type)}" : $"{CellValue.Text(column.Min, column.Type)} to {CellValue.Text(column.Max, column.Type)}");
        else if (column.IsConstant)
            seen.Add("always the same");
        else if (column.Type == ColumnType.Text)
            seen.Add($"{column.Shortest} to {column.Longest} characters{(column.IsUnique ? ", all different" : "")}");
        if (column.Missing > 0)
            seen.Add($"{column.Missing.ToString("#,0", CultureInfo.InvariantCulture)} missing");
        return seen.Count == 0 ? "" : $"    # {string.Join("; ", seen)}";
    }

    /// <summary>Plain where YAML cannot take it for anything else; else JSON's quotes, which are YAML's too. A column with a * would read as a pattern: it stays one that fits itself.</summary>
    private static string Quoted(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        && text.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null" or "nan" or "y" or "n")
            ? text
            : $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.Default)}\"";

    private static string Number(double value) => CellValue.Text(value, ColumnType.Number);

    private static string OneLine(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
