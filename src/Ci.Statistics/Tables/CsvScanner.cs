namespace Ci.Statistics;

/// <summary>
/// Splits RFC 4180 text into cells that lie one after another in one buffer: no string per cell, so a table of millions of cells
/// costs little more than its text. Separator ',', quote '"', lines ended by LF, CRLF or CR; lines that are empty are skipped.
/// </summary>
internal sealed class CsvScanner(TextReader reader, string name)
{
    internal const int LongestCell = 1 << 20;
    private const int LongestText = 1 << 30;
    private const int MostColumns = 100_000;

    private readonly char[] input = new char[1 << 16];
    private int inputLength;
    private int inputAt;
    private int line = 1;
    private int textLength;
    private int columns = -1;

    /// <summary>The cells' characters, unescaped, without anything between them.</summary>
    public char[] Text { get; private set; } = new char[1 << 16];

    /// <summary>Where each cell ends in <see cref="Text"/>, row by row.</summary>
    public List<int> Ends { get; } = new(1 << 12);

    /// <summary>The line (from 1) on which each row begins.</summary>
    public List<int> Lines { get; } = new(1 << 8);

    public void Scan()
    {
        if (this.Peek() == '\uFEFF')
            this.inputAt++;
        while (this.Peek() >= 0)
        {
            if (this.AtLineEnd())
                this.EndLine();
            else
                this.ScanRow();
        }
    }

    private void ScanRow()
    {
        this.Lines.Add(this.line);
        var cells = 0;
        while (true)
        {
            this.ScanCell(cells);
            cells++;
            this.Ends.Add(this.textLength);
            if (cells > MostColumns)
                throw this.Error($"more than {MostColumns} columns");
            if (this.Peek() != ',')
                break;
            this.inputAt++;
        }

        if (this.Peek() >= 0)
            this.EndLine();
        if (this.columns < 0)
            this.columns = cells;
        else if (cells != this.columns)
            throw new TableException($"{name}:{this.Lines[^1]}: the row has {cells} cells, but the header has {this.columns} columns; every row needs as many cells as the header (quote a cell that holds a comma)");
    }

    private void ScanCell(int column)
    {
        var start = this.textLength;
        if (this.Peek() == '"')
            this.ScanQuoted(column, start);
        else
            this.ScanPlain(column, start);
    }

    private void ScanPlain(int column, int start)
    {
        while (this.Peek() >= 0)
        {
            var rest = this.input.AsSpan(this.inputAt, this.inputLength - this.inputAt);
            var stop = rest.IndexOfAny(",\r\n\"");
            this.Append(stop < 0 ? rest : rest[..stop], column, start);
            this.inputAt += stop < 0 ? rest.Length : stop;
            if (stop < 0)
                continue;
            if (rest[stop] != '"')
                return;
            throw this.Error($"column {column + 1}: a quote inside a cell that does not begin with one; write \"…\" around the cell and \"\" for a quote in it");
        }
    }

    private void ScanQuoted(int column, int start)
    {
        var from = this.line;
        this.inputAt++;
        while (this.Peek() >= 0)
        {
            var rest = this.input.AsSpan(this.inputAt, this.inputLength - this.inputAt);
            var stop = rest.IndexOf('"');
            var part = stop < 0 ? rest : rest[..stop];
            this.line += part.Count('\n');
            this.Append(part, column, start);
            this.inputAt += part.Length;
            if (stop < 0)
                continue;
            this.inputAt++;
            if (this.Peek() != '"')
            {
                if (this.Peek() >= 0 && this.Peek() != ',' && !this.AtLineEnd())
                    throw this.Error($"column {column + 1}: text after the closing quote of a cell");
                return;
            }

            this.Append("\"", column, start);
            this.inputAt++;
        }

        throw new TableException($"{name}:{from}: column {column + 1}: the quoted cell that begins here never ends");
    }

    private void Append(ReadOnlySpan<char> part, int column, int start)
    {
        if (this.textLength - start + part.Length > LongestCell)
            throw this.Error($"column {column + 1}: the cell is longer than {LongestCell} characters");
        if (this.textLength > LongestText - part.Length)
            throw this.Error($"the table is longer than {LongestText} characters; split it");
        if (this.textLength + part.Length > this.Text.Length)
        {
            var larger = new char[Math.Max(this.Text.Length * 2, this.textLength + part.Length)];
            this.Text.AsSpan(0, this.textLength).CopyTo(larger);
            this.Text = larger;
        }

        part.CopyTo(this.Text.AsSpan(this.textLength));
        this.textLength += part.Length;
    }

    private bool AtLineEnd() => this.Peek() is '\r' or '\n';

    private void EndLine()
    {
        if (this.Peek() == '\r')
        {
            this.inputAt++;
            if (this.Peek() == '\n')
                this.inputAt++;
        }
        else
        {
            this.inputAt++;
        }

        this.line++;
    }

    private int Peek()
    {
        if (this.inputAt == this.inputLength)
        {
            this.inputLength = reader.Read(this.input, 0, this.input.Length);
            this.inputAt = 0;
            if (this.inputLength == 0)
                return -1;
        }

        return this.input[this.inputAt];
    }

    private TableException Error(string message) => new($"{name}:{this.line}: {message}");
}
