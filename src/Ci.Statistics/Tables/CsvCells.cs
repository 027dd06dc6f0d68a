using CsvHelper;

namespace Ci.Statistics;

/// <summary>
/// The cells of RFC 4180 text, one after another in one buffer: no string per cell, so a table of millions of cells costs little more
/// than its text. CsvHelper splits; what it would mend (a stray quote, a row of another length) is refused here. Separator ',', quote '"',
/// lines ended by LF, CRLF or CR; lines that are empty are skipped.
/// </summary>
internal sealed class CsvCells
{
    private const int LongestText = 1 << 30;

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
            MaxRecordSize = CsvProblem.LongestRow,
            OnMalformedRecord = record => throw CsvProblem.Malformed(name, record),
        };
        using var csv = CsvReader.Create(reader, options, leaveOpen: true);
        try
        {
            while (csv.Read())
                cells.Add(csv);
        }
        catch (CsvFormatException error)
        {
            throw CsvProblem.TooLong(name, csv.LineNumber, error);
        }

        return cells;
    }

    private void Add(CsvReader csv)
    {
        var line = (int)csv.LineNumber;
        var columns = csv.FieldCount;
        if (columns > CsvProblem.MostColumns)
            throw new TableException($"{this.name}:{line}: more than {CsvProblem.MostColumns} columns");
        if (this.Lines.Count > 0 && columns * this.Lines.Count != this.Ends.Count)
            throw CsvProblem.Ragged(this.name, line, columns, this.Ends.Count / this.Lines.Count);
        this.Lines.Add(line);
        for (var column = 0; column < columns; column++)
        {
            this.Append(csv.GetSpan(column), line, column);
            this.Ends.Add(this.length);
        }
    }

    private void Append(ReadOnlySpan<byte> cell, int line, int column)
    {
        if (cell.Length > CsvProblem.LongestCell)
            throw CsvProblem.LongCell(this.name, line, column);
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
}
