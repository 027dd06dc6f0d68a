namespace Ci.Statistics;

/// <summary>A header's names, each once, with messages that help to find the one that was meant.</summary>
internal sealed class ColumnNames
{
    private readonly string table;
    private readonly Dictionary<string, int> index;

    private ColumnNames(string table, string[] names, Dictionary<string, int> index) => (this.table, this.Names, this.index) = (table, names, index);

    public IReadOnlyList<string> Names { get; }

    /// <summary>The names of a header.</summary>
    /// <exception cref="TableException">A column without a name, or two of one name.</exception>
    public static ColumnNames Of(string table, long line, string[] names)
    {
        var positions = new Dictionary<string, int>(names.Length, StringComparer.Ordinal);
        for (var c = 0; c < names.Length; c++)
        {
            if (names[c].Length == 0)
                throw new TableException($"{table}:{line}: column {c + 1} has no name; name it in the header");
            if (!positions.TryAdd(names[c], c))
                throw new TableException($"{table}:{line}: the column '{names[c]}' stands twice in the header (columns {positions[names[c]] + 1} and {c + 1}); rename one");
        }

        return new ColumnNames(table, names, positions);
    }

    public bool Has(string column) => this.index.ContainsKey(column);

    /// <summary>A column's position.</summary>
    /// <exception cref="TableException">There is no such column; the message names near ones.</exception>
    public int IndexOf(string column) =>
        this.index.TryGetValue(column, out var at) ? at : throw new TableException(this.Missing(column));

    private string Missing(string column)
    {
        var near = SimilarNames.Of(column, this.Names);
        var all = this.Names.Count <= 12 ? $"; its columns are {string.Join(", ", this.Names)}" : $"; it has {this.Names.Count} others";
        return near.Count > 0
            ? $"{this.table}: there is no column '{column}'; did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?"
            : $"{this.table}: there is no column '{column}'{all}";
    }
}
