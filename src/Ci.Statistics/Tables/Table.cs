using System.Text;

namespace Ci.Statistics;

/// <summary>
/// Columns by name, read from CSV text (RFC 4180, first line the header). A column is read as numbers or as text when it is asked for.
/// Bounds: a cell at most 1 MiB, a row at most 16 MiB, at most 100,000 columns, at most 2^30 bytes. Not safe for several threads at once.
/// </summary>
public sealed class Table
{
    private readonly byte[] text;
    private readonly int[] ends;
    private readonly int[] lines;
    private readonly ColumnNames names;
    private readonly Dictionary<int, double[]> numbers = [];

    private Table(string name, ColumnNames names, CsvCells cells)
    {
        this.Name = name;
        this.names = names;
        this.text = cells.Text;
        this.ends = [.. cells.Ends];
        this.lines = [.. cells.Lines];
        this.Rows = this.lines.Length - 1;
    }

    /// <summary>What messages call the table: its path, as a rule.</summary>
    public string Name { get; }

    /// <summary>The number of rows below the header; at least 1.</summary>
    public int Rows { get; }

    /// <summary>The header's cells, in order; each name once.</summary>
    public IReadOnlyList<string> Columns => this.names.Names;

    /// <summary>Reads all of a CSV text.</summary>
    /// <param name="reader">The text; read to its end, not disposed.</param>
    /// <param name="name">What messages call it: its path.</param>
    /// <exception cref="TableException">No header, no row, a row of another length than the header, a column named twice or not at all, a broken quote.</exception>
    public static Table ReadCsv(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var cells = CsvCells.Read(reader, name);
        if (cells.Lines.Count == 0)
            throw new TableException($"{name}: the file is empty; expected a header line with the columns' names, then rows");

        var width = cells.Lines.Count == 1 ? cells.Ends.Count : cells.Ends.Count / cells.Lines.Count;
        var columns = new string[width];
        for (var c = 0; c < width; c++)
        {
            var start = c == 0 ? 0 : cells.Ends[c - 1];
            columns[c] = Encoding.UTF8.GetString(cells.Text, start, cells.Ends[c] - start);
        }

        var header = ColumnNames.Of(name, cells.Lines[0], columns);
        return cells.Lines.Count > 1
            ? new Table(name, header, cells)
            : throw new TableException($"{name}: there are no rows below the header");
    }

    public bool Has(string column) => this.names.Has(column);

    /// <summary>A column as numbers, one a row; an empty cell or NaN is <see cref="double.NaN"/>. The array is kept and shared: do not write to it.</summary>
    /// <exception cref="TableException">There is no such column, or a cell is not a finite decimal number.</exception>
    public double[] Numbers(string column)
    {
        var at = this.IndexOf(column);
        if (this.numbers.TryGetValue(at, out var known))
            return known;
        var values = new double[this.Rows];
        for (var row = 0; row < values.Length; row++)
        {
            if (!CellNumber.TryParse(this.Cell(row, at), out values[row]))
                throw this.NotANumber(row, at);
        }

        return this.numbers[at] = values;
    }

    /// <summary>A column as text, one a row; a new array at every call.</summary>
    /// <exception cref="TableException">There is no such column.</exception>
    public string[] Texts(string column)
    {
        var at = this.IndexOf(column);
        var values = new string[this.Rows];
        // Categories repeat: an interned string a distinct value, not a string a row.
        var distinct = new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var buffer = new char[256];
        for (var row = 0; row < values.Length; row++)
        {
            var bytes = this.Cell(row, at);
            if (bytes.Length > buffer.Length)
                buffer = new char[bytes.Length * 2];
            var cell = buffer.AsSpan(0, Encoding.UTF8.GetChars(bytes, buffer));
            if (!distinct.TryGetValue(cell, out var value))
            {
                value = cell.ToString();
                distinct[cell] = value;
            }

            values[row] = value;
        }

        return values;
    }

    /// <summary>Whether every cell of the column is a number or missing, and at least one is a number.</summary>
    /// <exception cref="TableException">There is no such column.</exception>
    public bool IsNumeric(string column)
    {
        var at = this.IndexOf(column);
        var any = false;
        for (var row = 0; row < this.Rows; row++)
        {
            if (!CellNumber.TryParse(this.Cell(row, at), out var value))
                return false;
            any |= !double.IsNaN(value);
        }

        return any;
    }

    /// <summary>The named columns as one row-major matrix of <see cref="Rows"/> × columns 32-bit numbers, as ONNX models take them; missing is NaN.</summary>
    /// <exception cref="TableException">A column is missing, or a cell is not a number.</exception>
    public float[] Matrix(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var matrix = new float[checked(this.Rows * columns.Count)];
        for (var c = 0; c < columns.Count; c++)
        {
            var values = this.Numbers(columns[c]);
            for (int row = 0, at = c; row < values.Length; row++, at += columns.Count)
                matrix[at] = (float)values[row];
        }

        return matrix;
    }

    /// <summary>The line (from 1) of the file on which a row (from 0, below the header) begins.</summary>
    public int LineOf(int row) => this.lines[row + 1];

    private ReadOnlySpan<byte> Cell(int row, int column)
    {
        var at = ((row + 1) * this.Columns.Count) + column;
        var start = this.ends[at - 1];
        if (row < 0 || column < 0)
            throw new ArgumentOutOfRangeException(nameof(row));
        return this.text.AsSpan(start, this.ends[at] - start);
    }

    private int IndexOf(string column) => this.names.IndexOf(column);

    private TableException NotANumber(int row, int column)
    {
        var cell = Encoding.UTF8.GetString(this.Cell(row, column));
        var shown = cell.Length > 40 ? $"{cell[..40]}…" : cell;
        return new TableException($"{this.Name}:{this.LineOf(row)}: column '{this.Columns[column]}', row {row + 1}: '{shown}' is not a number; write a decimal number such as 1234.5, or leave the cell empty where the value is missing");
    }
}
