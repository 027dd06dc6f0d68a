namespace Ci.Evaluation;

/// <summary>Rows whose key another row has before them.</summary>
internal static class Duplicates
{
    /// <summary>The breach that they are; null where every key is different.</summary>
    /// <param name="runs">Every row's key, by line.</param>
    /// <param name="columns">The key's columns.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="cellsAt">The columns' cells on some lines, as text.</param>
    public static Breach? Find(KeyRuns runs, IReadOnlyList<string> columns, long rows, Func<IReadOnlyList<string>, IReadOnlyList<long>, IReadOnlyList<string>> cellsAt)
    {
        var first = new PriorityQueue<long, long>();
        long count = 0;
        RowKey? previous = null;
        foreach (var key in runs.Sorted())
        {
            if (previous is { } before && before.IsSameKey(key))
            {
                count++;
                // The first lines of the file, not those of the least hashes: people look there.
                first.Enqueue(key.Row, -key.Row);
                if (first.Count > BreachLog.Most)
                    first.Dequeue();
            }

            previous = key;
        }

        if (count == 0)
            return null;
        long[] lines = [.. first.UnorderedItems.Select(item => item.Element).Order()];
        return new Breach
        {
            Column = string.Join(", ", columns),
            Rule = "unique",
            Expected = "a value that no row before has",
            Count = count,
            Share = (double)count / rows,
            Lines = lines,
            Examples = cellsAt(columns, lines),
        };
    }
}
