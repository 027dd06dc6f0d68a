using System.Text;

namespace Ci.Statistics.Tests;

public sealed class CsvRowsTests
{
    [Fact]
    public void Rows_come_one_after_another_with_their_lines_and_bytes()
    {
        using var rows = Open("\uFEFFa,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\r\n2,3");
        Assert.Equal(["a", "b"], rows.Columns);
        Assert.Equal("a,b", Encoding.UTF8.GetString(rows.RawHeader.Span));
        Assert.True(rows.Read());
        Assert.Equal((1L, 2L, "x, \"y\"\nz"), (rows.Row, rows.Line, Encoding.UTF8.GetString(rows.Cell(1))));
        Assert.Equal("1,\"x, \"\"y\"\"\nz\"", Encoding.UTF8.GetString(rows.Raw));
        Assert.True(rows.Read());
        Assert.Equal((2L, 5L, "2,3"), (rows.Row, rows.Line, Encoding.UTF8.GetString(rows.Raw)));
        Assert.False(rows.Read());
    }

    [Fact]
    public void It_reads_what_a_table_reads()
    {
        var text = "n,t\n" + string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"{i},\"{new string('é', i % 50)} \"\"{i}\"\"\"")) + "\n";
        var table = Table.ReadCsv(new StringReader(text), "data.csv");
        var (numbers, texts) = (table.Numbers("n"), table.Texts("t"));
        using var rows = Open(text);
        while (rows.Read())
        {
            Assert.True(CellNumber.TryParse(rows.Cell(0), out var number));
            Assert.Equal(numbers[rows.Row - 1], number);
            Assert.Equal(texts[rows.Row - 1], Encoding.UTF8.GetString(rows.Cell(1)));
        }

        Assert.Equal(table.Rows, rows.Row);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("a;b;c\n1;2;3\n", "data.csv:1: the header is one column, 'a;b;c'; the separator seems to be ';'")]
    [InlineData("a\tb\n1\t2\n", "seems to be a tab")]
    [InlineData("a,,b\n", "column 2 has no name")]
    [InlineData("a,b,a\n", "'a' stands twice")]
    [InlineData("a,b\n1,2\n3\n", "data.csv:3: the row has 1 cells, but the header has 2 columns")]
    [InlineData("a,b\n1,2\n3,4,5\n", "data.csv:3: the row has 3 cells")]
    [InlineData("a,b\n1,\"2\n3,4\n", "data.csv:2: a quoted cell that begins in this row never ends")]
    [InlineData("a,b\n\"1\"x,2\n", "data.csv:2: text after the closing quote")]
    [InlineData("a,b\n1\"x,2\n", "data.csv:2: a quote inside a cell")]
    [InlineData("a,b\n1,2\n3,\0\n", "data.csv:3: a NUL byte")]
    [InlineData("PAR1....", "this is a Parquet file, which is not supported")]
    [InlineData("PK\u0003\u0004 sheet", "zip archive (or a spreadsheet)")]
    public void What_is_no_CSV_is_refused_with_its_line(string text, string message) => Assert.Contains(message, Refusal(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);

    [Fact]
    public void Other_encodings_are_named()
    {
        Assert.Contains("it is UTF-16 text; save it as UTF-8", Refusal([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("a,b\n1,2\n")]), StringComparison.Ordinal);
        Assert.Contains("data.csv:3: the row is not UTF-8 text", Refusal([.. "a,b\n1,2\nfa"u8, 0xe7, .. "ade,3\n"u8]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_or_row_beyond_its_bound_is_refused_and_not_swallowed()
    {
        Assert.Contains("column 1: the cell is longer than 1048576 bytes", Refusal(Encoding.UTF8.GetBytes("a,b\n" + new string('7', (1 << 20) + 1) + ",1\n")), StringComparison.Ordinal);
        Assert.Contains("so look for a quote that never closes", Refusal(Encoding.UTF8.GetBytes("a\n\"" + new string('7', 1 << 25))), StringComparison.Ordinal);
    }

    private static CsvRows Open(string text) => CsvRows.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "data.csv");

    private static string Refusal(byte[] bytes) => Assert.Throws<TableException>(() =>
    {
        using var rows = CsvRows.Open(new MemoryStream(bytes), "data.csv");
        while (rows.Read())
        {
            for (var column = 0; column < rows.Columns.Count; column++)
                _ = rows.Cell(column).Length;
        }
    }).Message;
}
