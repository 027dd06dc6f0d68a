namespace Ci.Evaluation;

/// <summary>Reads a table again for the cells of a few lines: keys are kept as hashes alone, and a reader of a report wants to see them.</summary>
internal static class LineReader
{
    /// <summary>The cells of the columns on each line, joined by a comma and a blank.</summary>
    public static IReadOnlyList<string> CellsAt(string shown, string fullPath, IReadOnlyList<string> columns, IReadOnlyList<long> lines)
    {
        var found = new List<string>();
        if (lines.Count == 0)
            return found;
        using var source = DataSource.Open(shown, fullPath);
        int[] indices = [.. columns.Select(source.Rows.IndexOf)];
        var (last, wanted) = (lines.Max(), lines.ToHashSet());
        while (source.Rows.Line < last && source.Rows.Read())
        {
            if (wanted.Contains(source.Rows.Line))
                found.Add(string.Join(", ", indices.Select(index => BreachLog.Text(source.Rows.Cell(index)))));
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }
}
