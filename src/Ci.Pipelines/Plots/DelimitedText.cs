using System.Text;

namespace Ci.Pipelines.Plots;

/// <summary>CSV and TSV as Python's reader takes them: quotes double, cells are text, empty lines are nothing.</summary>
internal static class DelimitedText
{
    private const int MostRows = 2_000_000;

    /// <summary>The rows by the names of their columns.</summary>
    /// <param name="text">The file's.</param>
    /// <param name="separator">Between cells.</param>
    /// <param name="header">The first row has the names; else they are 0, 1, 2 ….</param>
    /// <param name="shown">How messages name the file.</param>
    public static List<object?> Read(string text, char separator, bool header, string shown)
    {
        var found = new List<object?>();
        List<string>? names = null;
        foreach (var cells in Rows(text, separator))
        {
            if (names is null)
            {
                names = header ? cells : [.. Enumerable.Range(0, cells.Count).Select(i => $"{i}")];
                if (header)
                    continue;
            }

            var row = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            for (var i = 0; i < names.Count; i++)
                row[names[i]] = i < cells.Count ? cells[i] : null;
            found.Add(row);
            if (found.Count > MostRows)
                throw new PipelineException($"{shown}: more than {MostRows} points; that is no plot to look at: thin them out");
        }

        return found;
    }

    private static IEnumerable<List<string>> Rows(string text, char separator)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                    cell.Append(text[++i]);
                else if (c == '"')
                    quoted = false;
                else
                    cell.Append(c);
            }
            else if (c == '"' && cell.Length == 0)
                quoted = true;
            else if (c == separator)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (c is '\n' or '\r')
            {
                if (cells.Count > 0 || cell.Length > 0)
                {
                    cells.Add(cell.ToString());
                    yield return cells;
                    cells = [];
                }

                cell.Clear();
            }
            else
                cell.Append(c);
        }

        if (cells.Count > 0 || cell.Length > 0)
            yield return [.. cells, cell.ToString()];
    }
}
