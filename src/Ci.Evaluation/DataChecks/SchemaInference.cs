using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>A first schema from a table, for people to read and tighten, and the types of a reference where no schema says them.</summary>
public static class SchemaInference
{
    /// <summary>Reads the table once and writes what it is like as the text of a <c>data-schema.yaml</c>, with room around what was seen.</summary>
    /// <param name="shown">The table's path as the user gave it.</param>
    /// <param name="fullPath">Where it lies.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="EvaluationException">There is no such file.</exception>
    /// <exception cref="TableException">It is no CSV.</exception>
    public static string Write(string shown, string fullPath, CancellationToken cancellation = default)
    {
        var (columns, rows) = Read(shown, fullPath, cancellation);
        return SchemaText.Of(DataFile.Shown(shown), columns, rows);
    }

    internal static DataSchema Types(string shown, string fullPath, CancellationToken cancellation)
    {
        var (columns, _) = Read(shown, fullPath, cancellation);
        return new DataSchema
        {
            ExtraColumns = true,
            Columns = [.. columns.Select(column => new ColumnRule { Name = column.Name, Type = column.Type, Missing = 1, TestsDrift = !column.Type.IsTime() && !IsKey(column) })],
        };
    }

    // A number that rises from row to row and never repeats names rows; it cannot drift.
    internal static bool IsKey(InferredColumn column) =>
        column.Type is ColumnType.Whole or ColumnType.Date or ColumnType.DateTime && column.IsIncreasing && column.Count > 10 && column.Missing == 0;

    private static (IReadOnlyList<InferredColumn> Columns, long Rows) Read(string shown, string fullPath, CancellationToken cancellation)
    {
        using var source = DataSource.Open(shown, fullPath);
        InferredColumn[] columns = [.. source.Rows.Columns.Select(name => new InferredColumn(name))];
        while (source.Rows.Read())
        {
            if ((source.Rows.Row & 0xFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            for (var c = 0; c < columns.Length; c++)
                columns[c].Add(source.Rows.Cell(c));
        }

        return (columns, source.Finish().Rows);
    }
}
