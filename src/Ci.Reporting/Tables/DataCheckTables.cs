using System.Globalization;
using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>The tables of a data check.</summary>
internal static class DataCheckTables
{
    private const int LongestList = 5;

    public static ReportTable Facts(ReportDataCheck check) => ReportTable.Facts(
    [
        ("table", new Cell(check.Path, CellKind.Code)),
        ("rows, columns", new Cell($"{Numbers.Count(check.Rows)}, {Numbers.Count(check.Columns)}")),
        ("SHA-256", new Cell(check.Sha256 ?? "", CellKind.Code)),
        ("schema", new Cell(check.Schema ?? "", CellKind.Code)),
        ("rules", new Cell(check.Schema is null ? "" : $"{Numbers.Count(check.Rules)}, of which {Numbers.Count(check.BrokenRules)} broken")),
        ("reference", new Cell(check.ReferencePath ?? "", CellKind.Code)),
        ("reference rows", new Cell(check.ReferenceRows is { } rows ? Numbers.Count(rows) : "")),
        ("reference SHA-256", new Cell(check.ReferenceSha256 ?? "", CellKind.Code)),
    ]);

    public static ReportTable Breaches(ReportDataCheck check) => new(
        [("column", false), ("rule", false), ("wanted", false), ("rows", true), ("found", false)],
        [.. check.Breaches.Select(breach => (IReadOnlyList<Cell>)
        [
            breach.Column is null ? new Cell("the table", CellKind.Muted) : new Cell(breach.Column, CellKind.Code),
            new Cell(breach.Rule, CellKind.Strong),
            new Cell(breach.Expected),
            Rows(breach),
            Found(breach),
        ])]);

    /// <summary>Tests of drift; without those that passed where only what needs a reader is wanted.</summary>
    public static ReportTable Drift(ReportDataCheck check, bool all)
    {
        var shown = check.Drift.Where(result => all || result.Outcome != CheckOutcome.Pass);
        return new ReportTable(
            [("outcome", false), ("column", false), ("distance", true), ("adjusted p", true), ("reference", true), ("now", true), ("remark", false)],
            [.. shown.Select(Row)]);
    }

    private static IReadOnlyList<Cell> Row(DriftResult result)
    {
        var isShare = result.Subject == "missing";
        var notes = isShare ? (IReadOnlyList<string>)["its missing cells"] : null;
        return
        [
            new Cell(DataCheckWords.Word(result.Outcome), result.Outcome == CheckOutcome.Fail ? CellKind.Strong : CellKind.Plain, ReportDataCheck.Rank(result.Outcome)),
            new Cell(result.Column, CellKind.Code, Notes: notes),
            new Cell(Numbers.Percent(result.Distance), Sort: result.Distance, Notes: [$"limit {Numbers.Percent(result.Limit)}"]),
            new Cell(Numbers.Probability(result.AdjustedP), Sort: result.AdjustedP),
            Value(result.ReferenceValue, isShare),
            Value(result.Value, isShare),
            new Cell(Remark(result), CellKind.Muted, Notes: [Test(result)]),
        ];
    }

    // The columns beside it say the rest.
    private static string Remark(DriftResult result) => result.Outcome switch
    {
        CheckOutcome.Fail => result.NewValues.Count > 0 ? $"new: {string.Join(", ", result.NewValues.Take(LongestList))}" : "beyond chance",
        CheckOutcome.Inconclusive => $"too few rows: {Numbers.Percent(result.LeastDistance)} would surely show",
        _ => result.Distance >= result.Limit ? "chance explains it" : "below the limit",
    };

    private static string Test(DriftResult result) =>
        result.RowsPerIndependent > 1 ? $"{result.Test}; {Numbers.Round(result.RowsPerIndependent)} rows count as one" : result.Test;

    private static Cell Value(double? value, bool isShare) => value is not { } number ? Cell.None : new Cell(isShare ? Numbers.Percent(number) : Numbers.Text(number), Sort: number);

    private static Cell Rows(Breach breach) =>
        new(breach.Share is { } share ? $"{Numbers.Count(breach.Count)} ({Numbers.Percent(share)})" : breach.Rule == "rows" ? Numbers.Count(breach.Count) : "—", Sort: breach.Count);

    private static Cell Found(Breach breach)
    {
        var found = string.Join(", ", breach.Examples.Take(LongestList).Select(example => breach.Rule is "required" or "extra_columns" ? $"near: {example}" : $"“{example}”"));
        var lines = breach.Lines.Count == 0 ? null : (breach.Lines.Count == 1 ? "line " : "lines ") + string.Join(", ", breach.Lines.Take(LongestList).Select(line => line.ToString(CultureInfo.InvariantCulture))) + (breach.Count > breach.Lines.Count ? ", …" : "");
        return found.Length == 0 ? (lines is null ? Cell.None : new Cell(lines)) : new Cell(found, Notes: lines is null ? null : [lines]);
    }
}
