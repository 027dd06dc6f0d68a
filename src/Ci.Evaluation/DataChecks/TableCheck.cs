using System.Buffers;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>A whole table against a schema: the columns that must and must not be there, the columns' checks, keys over columns, the number of rows.</summary>
internal sealed class TableCheck : IDisposable
{
    private const int Budget = 8_000_000;

    private readonly DataSchema schema;
    private readonly bool judges;
    private readonly List<Breach> aboutColumns = [];
    private readonly (int Index, ColumnCheck Check)[] columns;
    private readonly (IReadOnlyList<string> Names, int[] Indices, KeyRuns Runs)[] keys;
    private readonly ArrayBufferWriter<byte> key = new();

    /// <summary>Binds the rules to the table's columns.</summary>
    /// <param name="schema">What is wanted.</param>
    /// <param name="rows">The table, before its first row.</param>
    /// <param name="judges">False for a reference, of which only profiles are wanted.</param>
    public TableCheck(DataSchema schema, CsvRows rows, bool judges)
    {
        (this.schema, this.judges) = (schema, judges);
        var bound = rows.Columns.Select((name, index) => (name, index, rule: schema.RuleOf(name))).ToArray();
        var sample = Math.Clamp(Budget / Math.Max(1, bound.Length), 2_000, 100_000);
        this.columns = [.. bound.Where(c => c.rule is not null).Select(c => (c.index, new ColumnCheck(c.name, c.rule!, schema.MissingMarks, sample, judges)))];
        this.keys = judges && schema.Keys.All(names => names.All(rows.Has)) ? [.. schema.Keys.Select(names => (names, names.Select(rows.IndexOf).ToArray(), new KeyRuns()))] : [];
        this.CheckNames(rows.Columns);
    }

    public IReadOnlyList<ColumnCheck> Columns => [.. this.columns.Select(c => c.Check)];

    public int Rules => this.columns.Sum(c => c.Check.Rules) + this.schema.Columns.Count(c => c.Required) + this.schema.Forbidden.Count + this.schema.Keys.Count
        + (this.schema.ExtraColumns ? 0 : 1) + (this.schema.LeastRows is null ? 0 : 1) + (this.schema.MostRows is null ? 0 : 1);

    /// <summary>Looks at every row that is left.</summary>
    public void Run(CsvRows rows, CancellationToken cancellation)
    {
        while (rows.Read())
        {
            if ((rows.Row & 0xFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            var line = rows.Line;
            foreach (var (index, check) in this.columns)
                check.Add(rows.Cell(index), line);
            foreach (var (_, indices, runs) in this.keys)
                runs.Add(RowKey.Of(this.HashOf(rows, indices), line));
        }
    }

    /// <summary>Everything that is broken.</summary>
    public IReadOnlyList<Breach> Finish(long rows, Func<IReadOnlyList<string>, IReadOnlyList<long>, IReadOnlyList<string>> cellsAt)
    {
        var breaches = new List<Breach>(this.aboutColumns);
        if (rows < this.schema.LeastRows)
            breaches.Add(new Breach { Rule = "rows", Expected = $"at least {this.schema.LeastRows:#,0} rows", Count = rows });
        if (rows > this.schema.MostRows)
            breaches.Add(new Breach { Rule = "rows", Expected = $"at most {this.schema.MostRows:#,0} rows", Count = rows });
        foreach (var (_, check) in this.columns)
            breaches.AddRange(check.Finish(rows, (runs, names) => Duplicates.Find(runs, names, rows, cellsAt)));
        breaches.AddRange(this.keys.Select(key => Duplicates.Find(key.Runs, key.Names, rows, cellsAt)).OfType<Breach>());
        return breaches;
    }

    public void Dispose()
    {
        foreach (var (_, check) in this.columns)
            check.Dispose();
        foreach (var (_, _, runs) in this.keys)
            runs.Dispose();
    }

    private RowHash HashOf(CsvRows rows, int[] indices)
    {
        this.key.ResetWrittenCount();
        RowBytes.Write(this.key, rows, indices);
        return RowHash.Of(this.key.WrittenSpan);
    }

    private void CheckNames(IReadOnlyList<string> names)
    {
        if (!this.judges)
            return;
        foreach (var rule in this.schema.Columns.Where(rule => rule.Required && !names.Any(rule.Fits)))
            this.aboutColumns.Add(new Breach { Column = rule.Name, Rule = "required", Expected = rule.IsPattern ? "a column whose name fits" : "the column", Examples = [.. SimilarNames.Of(rule.Name, names, 1)] });
        foreach (var name in names)
        {
            if (this.schema.Forbidden.Any(forbidden => new ColumnRule { Name = forbidden, Type = ColumnType.Text }.Fits(name)))
                this.aboutColumns.Add(new Breach { Column = name, Rule = "forbidden", Expected = "no such column" });
            else if (!this.schema.ExtraColumns && this.schema.RuleOf(name) is null)
                this.aboutColumns.Add(new Breach { Column = name, Rule = "extra_columns", Expected = "only columns that the schema names", Examples = [.. SimilarNames.Of(name, [.. this.schema.Columns.Where(c => !names.Any(c.Fits)).Select(c => c.Name)], 1)] });
        }
    }
}
