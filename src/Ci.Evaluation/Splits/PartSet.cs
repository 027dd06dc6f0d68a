using System.Text;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>The parts of one run: their writers, and what is known of them.</summary>
internal sealed class PartSet : IDisposable
{
    private readonly SplitRequest request;
    private readonly DataSource source;
    private readonly string folder;
    private readonly PartWriter[] writers;
    private readonly (double From, double To)[] spans;
    private readonly CrossedRows rowsCrossed;
    private readonly CrossedRows? keysCrossed;
    private readonly int column;
    private ColumnType timeType = ColumnType.DateTime;
    private long dropped;

    public PartSet(SplitRequest request, DataSource source, string folder)
    {
        (this.request, this.source, this.folder) = (request, source, folder);
        var rows = source.Rows;
        this.column = request.Column is { } name ? rows.IndexOf(name) : -1;
        this.rowsCrossed = new CrossedRows([.. Enumerable.Range(0, rows.Columns.Count)]);
        this.keysCrossed = request.Key.Count > 0 ? new CrossedRows([.. request.Key.Select(rows.IndexOf)]) : null;
        var gzip = request.DataPath.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        this.writers = [.. request.Parts.Select(part => new PartWriter(folder, part.Name, gzip, rows.RawHeader))];
        this.spans = [.. request.Parts.Select(_ => (double.PositiveInfinity, double.NegativeInfinity))];
    }

    public void Fill(IRowAssigner assigner, CancellationToken cancellation)
    {
        var rows = this.source.Rows;
        while (rows.Read())
        {
            if ((rows.Row & 0xFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            var part = assigner.PartOf(rows);
            if (part < 0)
            {
                this.dropped++;
                continue;
            }

            this.writers[part].Add(rows);
            this.rowsCrossed.Add(rows, part);
            this.keysCrossed?.Add(rows, part);
            this.Note(rows, part);
        }
    }

    public SplitRecord Commit(CheckedData data, string md5)
    {
        for (var part = 0; part < this.writers.Length; part++)
        {
            if (this.writers[part].Rows == 0)
                throw new EvaluationException($"the part '{this.request.Parts[part].Name}' would get none of the {data.Rows} rows; {(this.request.Kind == SplitKind.Grouped ? "there are too few groups: give another --seed or other fractions" : "give it a larger fraction")}. Nothing was written");
        }

        var record = new SplitRecord
        {
            By = this.request.Kind.ToString().ToLowerInvariant(),
            Column = this.request.Column,
            Key = this.request.Key,
            Seed = this.request.Seed,
            Gap = this.request.Gap,
            Data = new SplitFile { Path = data.Path, Rows = data.Rows, Sha256 = data.Sha256, Md5 = md5 },
            Parts = [.. this.writers.Select((writer, part) => this.FileOf(writer, part, data.Rows))],
            Dropped = this.dropped,
            RowsInTwoParts = this.rowsCrossed.Count(),
            KeysInTwoParts = this.keysCrossed?.Count(),
            Version = this.request.Version,
        };
        var bytes = record.ToBytes();
        foreach (var writer in this.writers)
            writer.Commit();
        AtomicFile.Write(Path.Combine(this.folder, "split.json"), bytes);
        return record;
    }

    public void Dispose()
    {
        foreach (var writer in this.writers)
            writer.Dispose();
        this.rowsCrossed.Dispose();
        this.keysCrossed?.Dispose();
    }

    private SplitFile FileOf(PartWriter writer, int part, long rows)
    {
        var (sha256, md5) = writer.Close();
        var (from, to) = this.spans[part];
        var isTimed = this.request.Kind == SplitKind.Chronological;
        return new SplitFile
        {
            Name = this.request.Parts[part].Name,
            Path = writer.FileName,
            Wanted = this.request.Parts[part].Fraction,
            Share = (double)writer.Rows / rows,
            Rows = writer.Rows,
            Sha256 = sha256,
            Md5 = md5,
            From = isTimed ? CellValue.Text(from, this.timeType) : null,
            To = isTimed ? CellValue.Text(to, this.timeType) : null,
            Classes = this.request.Kind == SplitKind.Stratified ? writer.Classes.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal) : null,
        };
    }

    private void Note(CsvRows rows, int part)
    {
        if (this.request.Kind == SplitKind.Stratified)
        {
            var name = Encoding.UTF8.GetString(rows.Cell(this.column));
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(this.writers[part].Classes, name, out _)++;
        }
        else if (this.request.Kind == SplitKind.Chronological)
        {
            if (!CellValue.TryRead(rows.Cell(this.column), this.timeType, out var time))
            {
                this.timeType = ColumnType.Number;
                CellValue.TryRead(rows.Cell(this.column), this.timeType, out time);
            }

            this.spans[part] = (Math.Min(time, this.spans[part].From), Math.Max(time, this.spans[part].To));
        }
    }
}
