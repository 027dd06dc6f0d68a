using CsvHelper;

namespace Ci.Statistics;

/// <summary>
/// The cells of RFC 4180 text, one after another in one buffer: no string per cell, so a table of millions of cells costs little more
/// than its text. CsvHelper splits; what it would mend (a stray quote, a row of another length) is refused here. Separator ',', quote '"',
/// lines ended by LF, CRLF or CR; lines that are empty are skipped.
/// </summary>
internal sealed class CsvCells
{
    internal const int LongestCell = 1 << 20;
    private const int LongestRow = 1 << 24;
    private const int LongestText = 1 << 30;
    private const int MostColumns = 100_000;

    private readonly string name;
    private int length;

    private CsvCells(string name) => this.name = name;

    /// <summary>The cells as UTF-8, unescaped, without anything between them.</summary>
    public byte[] Text { get; private set; } = new byte[1 << 16];

    /// <summary>Where each cell ends in <see cref="Text"/>, row by row.</summary>
    public List<int> Ends { get; } = new(1 << 12);

    /// <summary>The line (from 1) on which each row begins.</summary>
    public List<int> Lines { get; } = new(1 << 8);

    /// <summary>Reads to the text's end.</summary>
    /// <exception cref="TableException">A broken quote, a row of another length than the first, or a bound exceeded.</exception>
    public static CsvCells Read(TextReader reader, string name)
    {
        var cells = new CsvCells(name);
        var options = new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = LongestRow,
            OnMalformedRecord = cells.Refuse,
        };
        using var csv = CsvReader.Create(reader, options, leaveOpen: true);
        try
        {
            while (csv.Read())
                cells.Add(csv);
        }
        catch (CsvFormatException error)
        {
            // All that is left to it: a row beyond the bound, as an unclosed quote at the start of a large file makes.
            throw new TableException($"{name}:{csv.LineNumber}: {error.Message}; a row may have {LongestRow >> 20} MiB, so look for a quote that never closes");
        }

        return cells;
    }

    private void Add(CsvReader csv)
    {
        var line = (int)csv.LineNumber;
        var columns = csv.FieldCount;
        if (columns > MostColumns)
            throw new TableException($"{this.name}:{line}: more than {MostColumns} columns");
        if (this.Lines.Count > 0 && columns * this.Lines.Count != this.Ends.Count)
            throw new TableException($"{this.name}:{line}: the row has {columns} cells, but the header has {this.Ends.Count / this.Lines.Count} columns; every row needs as many cells as the header (quote a cell that holds a comma)");
        this.Lines.Add(line);
        for (var column = 0; column < columns; column++)
        {
            this.Append(csv.GetSpan(column), line, column);
            this.Ends.Add(this.length);
        }
    }

    private void Append(ReadOnlySpan<byte> cell, int line, int column)
    {
        if (cell.Length > LongestCell)
            throw new TableException($"{this.name}:{line}: column {column + 1}: the cell is longer than {LongestCell} bytes");
        if (this.length > LongestText - cell.Length)
            throw new TableException($"{this.name}:{line}: the table is longer than {LongestText} bytes; split it");
        if (this.length + cell.Length > this.Text.Length)
        {
            var larger = new byte[Math.Max(this.Text.Length * 2, this.length + cell.Length)];
            this.Text.AsSpan(0, this.length).CopyTo(larger);
            this.Text = larger;
        }

        cell.CopyTo(this.Text.AsSpan(this.length));
        this.length += cell.Length;
    }

    private void Refuse(CsvMalformedRecord record) => throw new TableException($"{this.name}:{record.LineNumber}: " + record.Reason switch
    {
        CsvMalformedReason.StrayQuote => "a quote inside a cell that does not begin with one; write \"…\" around the cell and \"\" for a quote in it",
        CsvMalformedReason.TextAfterClosingQuote => "text after the closing quote of a cell; write \"\" for a quote within it",
        CsvMalformedReason.UnterminatedQuote => "a quoted cell that begins in this row never ends; close its quote",
        var reason => $"the row is no CSV ({reason})",
    });
}
