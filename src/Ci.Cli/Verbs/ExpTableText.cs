using System.Globalization;
using System.Text.RegularExpressions;
using Ci.Data;

namespace Ci.Cli.Verbs;

/// <summary>Writes a table of experiments as text, Markdown or CSV.</summary>
internal static class ExpTableText
{
    private const int Digits = 5;

    /// <summary>Writes it.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="table">What.</param>
    /// <param name="form">How.</param>
    /// <param name="marks">Behind the value that the rows are sorted by, by the row's commit.</param>
    /// <param name="precision">Digits after the point; null: five, in CSV all.</param>
    /// <param name="drop">Columns to leave out.</param>
    /// <param name="keep">Columns to keep all the same.</param>
    public static void Write(
        CliContext context, ExpTable table, ExpTableForm form, IReadOnlyDictionary<string, string> marks, int? precision = null, Regex? drop = null, Regex? keep = null)
    {
        bool Shown(ExpColumn column) => drop?.IsMatch(column.Header) is not true || keep?.IsMatch(column.Header) is true;
        var csv = form == ExpTableForm.Csv;
        var metrics = table.Metrics.Where(Shown).ToList();
        var parameters = table.Parameters.Where(Shown).ToList();
        var withState = table.Rows.Any(r => r.State.Length > 0);
        string[] headers = [.. csv ? new[] { "Experiment", "rev", "typ", "Created" } : ["Experiment", "Created"], .. withState ? new[] { "State" } : [], .. metrics.Select(c => c.Header), .. parameters.Select(c => c.Header)];
        var digits = precision ?? (csv ? null : Digits);
        var rows = table.Rows.Select((row, i) => (string[])
        [
            .. csv ? new[] { row.Name, row.Commit is null ? "" : row.Commit[..7], row.Kind, row.Created?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) ?? "" }
                : [Title(table, i, form), row.Created?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "-"],
            .. withState ? new[] { row.State.Length == 0 && !csv ? "-" : row.State } : [],
            .. metrics.Select(c => Cell(row.Metric(c), digits, csv) + (c == table.Sorted && !csv && row.Commit is not null ? marks.GetValueOrDefault(row.Commit, "") : "")),
            .. parameters.Select(c => Cell(row.Parameter(c), digits, csv)),
        ]).ToList();
        if (csv)
            rows.Prepend(headers).ToList().ForEach(row => context.Line(string.Join(',', row.Select(CsvCell))));
        else
            ValueTable.Write(context, headers, rows, form == ExpTableForm.Markdown);
    }

    // As DVC draws it: experiments hang from the commit that they began from.
    private static string Title(ExpTable table, int index, ExpTableForm form)
    {
        var row = table.Rows[index];
        if (row.Kind is "workspace" or "baseline")
            return row.Name;
        var last = index + 1 == table.Rows.Count || table.Rows[index + 1].Kind is "workspace" or "baseline";
        return $"{(last ? "└──" : "├──")} {row.Commit![..7]} [{(form == ExpTableForm.Markdown ? ValueTable.Cell(row.Name) : row.Name)}]";
    }

    private static string Cell(object? value, int? digits, bool csv) => csv && value is null ? "" : csv && value is string text ? text : value is double number && !double.IsFinite(number) ? PythonText.OfDouble(number) : ValueTable.Cell(value, digits);

    private static string CsvCell(string text) => text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
