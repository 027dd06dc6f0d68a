namespace Ci.Reporting;

/// <summary>A table as data, which Markdown and page both render: the same words in both.</summary>
internal sealed record ReportTable(IReadOnlyList<(string Name, bool Number)> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows)
{
    /// <summary>A table of facts: what, and how it is.</summary>
    public static ReportTable Facts(IEnumerable<(string Name, Cell Value)> facts) =>
        new([("what", false), ("is", false)], [.. facts.Where(fact => fact.Value.Text.Length > 0).Select(fact => (IReadOnlyList<Cell>)[new Cell(fact.Name), fact.Value])]);
}
