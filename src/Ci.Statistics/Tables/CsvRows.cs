using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace Ci.Statistics;

/// <summary>
/// The rows of RFC 4180 text, one after another, for files larger than the memory: only the current row is held. The same rules and
/// bounds as <see cref="Table"/> (separator ',', quote '"', a cell at most 1 MiB, a row at most 16 MiB, empty lines skipped), and besides
/// no byte may be NUL or broken UTF-8. Not safe for several threads at once.
/// </summary>
public sealed class CsvRows : IDisposable
{
    private readonly CsvReader csv;
    private readonly ColumnNames names;

    private CsvRows(CsvReader csv, string name)
    {
        this.csv = csv;
        this.Name = name;
        if (!this.Next())
            throw new TableException($"{name}: the file is empty; expected a header line with the columns' names, then rows");
        var columns = new string[csv.FieldCount];
        for (var c = 0; c < columns.Length; c++)
            columns[c] = Encoding.UTF8.GetString(csv.GetSpan(c));
        if (columns.Length > CsvProblem.MostColumns)
            throw new TableException($"{name}:{csv.LineNumber}: more than {CsvProblem.MostColumns} columns");
        if (columns is [var only] && only.AsSpan().IndexOfAny(";\t|") is >= 0 and var at)
            throw new TableException($"{name}:{csv.LineNumber}: the header is one column, '{Short(only)}'; the separator seems to be {Separator(only[at])}, but only commas are read: write the file with commas");
        this.names = ColumnNames.Of(name, csv.LineNumber, columns);
        this.RawHeader = csv.RawRecord.ToArray();
    }

    /// <summary>What messages call the table: its path, as a rule.</summary>
    public string Name { get; }

    /// <summary>The header's cells, in order; each name once.</summary>
    public IReadOnlyList<string> Columns => this.names.Names;

    /// <summary>The header's bytes as they stand in the file, without the line's end and without a byte order mark.</summary>
    public ReadOnlyMemory<byte> RawHeader { get; }

    /// <summary>Rows read so far, the header not counted.</summary>
    public long Row { get; private set; }

    /// <summary>The line (from 1) on which the current row begins.</summary>
    public long Line => this.csv.LineNumber;

    /// <summary>The current row's bytes as they stand in the file, without the line's end.</summary>
    public ReadOnlySpan<byte> Raw => this.csv.RawRecord;

    /// <summary>Reads the header and stands before the first row.</summary>
    /// <param name="utf8">The text, read as it is asked for; not disposed.</param>
    /// <param name="name">What messages call it: its path.</param>
    /// <exception cref="TableException">No header, a column named twice or not at all, no CSV at all.</exception>
    public static CsvRows Open(Stream utf8, string name)
    {
        ArgumentNullException.ThrowIfNull(utf8);
        var options = new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = CsvProblem.LongestRow,
            BufferSize = 1 << 18,
            Encoding = Encoding.UTF8,
            OnMalformedRecord = record => throw CsvProblem.Malformed(name, record),
        };
        var reader = CsvReader.Create(new CsvStart(utf8, name), options, leaveOpen: true);
        try
        {
            return new CsvRows(reader, name);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="TableException">A row of another length than the header, a broken quote, NUL, no UTF-8, damaged gzip data, a bound exceeded.</exception>
    public bool Read()
    {
        if (!this.Next())
            return false;
        if (this.csv.FieldCount != this.Columns.Count)
            throw CsvProblem.Ragged(this.Name, this.Line, this.csv.FieldCount, this.Columns.Count);
        this.Row++;
        return true;
    }

    /// <summary>A cell of the current row as UTF-8, unescaped; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Cell(int column)
    {
        var cell = this.csv.GetSpan(column);
        return cell.Length <= CsvProblem.LongestCell ? cell : throw CsvProblem.LongCell(this.Name, this.Line, column);
    }

    public bool Has(string column) => this.names.Has(column);

    /// <summary>A column's position.</summary>
    /// <exception cref="TableException">There is no such column; the message names near ones.</exception>
    public int IndexOf(string column) => this.names.IndexOf(column);

    public void Dispose() => this.csv.Dispose();

    private bool Next()
    {
        try
        {
            if (!this.csv.Read())
                return false;
        }
        catch (CsvFormatException error)
        {
            throw CsvProblem.TooLong(this.Name, this.csv.LineNumber, error);
        }
        catch (InvalidDataException error)
        {
            throw new TableException($"{this.Name}: the gzip data is damaged after {this.Row} rows ({error.Message}); fetch or write the file again", error);
        }

        var raw = this.csv.RawRecord;
        if (raw.Contains((byte)0))
            throw new TableException($"{this.Name}:{this.Line}: a NUL byte; this is no text, or a damaged one");
        return Utf8.IsValid(raw) ? true : throw new TableException($"{this.Name}:{this.Line}: the row is not UTF-8 text; save the file as UTF-8");
    }

    private static string Separator(char found) => found == '\t' ? "a tab" : $"'{found}'";

    private static string Short(string text) => text.Length > 60 ? $"{text[..60]}…" : text;
}
