namespace Ci.Statistics.Tests;

public sealed class TableTests
{
    private static Table Read(string csv) => Table.ReadCsv(new StringReader(csv), "data.csv");

    private static string Refusal(string csv) => Assert.Throws<TableException>(() => Read(csv)).Message;

    [Fact]
    public void Cells_are_read_as_numbers_or_text_by_column()
    {
        var table = Read("time,a,b\n2020-01-01,1,2.5\r\n\"2020-01-02, \"\"noon\"\"\",-3e2,\n");
        Assert.Equal(2, table.Rows);
        Assert.Equal(["time", "a", "b"], table.Columns);
        Assert.Equal([1, -300], table.Numbers("a"));
        Assert.Equal([2.5, double.NaN], table.Numbers("b"));
        Assert.Equal(["2020-01-01", "2020-01-02, \"noon\""], table.Texts("time"));
        Assert.Equal([2.5f, 1f, float.NaN, -300f], table.Matrix(["b", "a"]));
        Assert.True(table.IsNumeric("a"));
        Assert.False(table.IsNumeric("time"));
    }

    [Theory]
    [InlineData("a,b\r1,2\r3,4")]
    [InlineData("\uFEFFa,b\n1,2\n\n3,4\n\n")]
    [InlineData("\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"")]
    public void Line_ends_empty_lines_marks_and_quotes_make_no_difference(string csv)
    {
        var table = Read(csv);
        Assert.Equal([1, 3], table.Numbers("a"));
        Assert.Equal([2, 4], table.Numbers("b"));
    }

    [Fact]
    public void A_cell_that_is_no_number_is_named_with_file_line_column_and_row()
    {
        var table = Read("a,b\n1,\"two\nlines\"\n2,x7\n");
        var message = Assert.Throws<TableException>(() => table.Numbers("b")).Message;
        Assert.Contains("data.csv:2: column 'b', row 1: 'two\nlines'", message, StringComparison.Ordinal);
        Assert.Contains("data.csv:3: column 'a', row 2: 'x'", Assert.Throws<TableException>(() => Read("a\n1\nx\n").Numbers("a")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("inf")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("1 000")]
    [InlineData("true")]
    public void What_is_not_a_finite_decimal_number_is_refused(string cell)
    {
        var table = Read($"a\n\"{cell}\"\n");
        Assert.Throws<TableException>(() => table.Numbers("a"));
    }

    [Fact]
    public void A_missing_column_is_refused_with_near_names()
    {
        var table = Read("lag_24,lag_25,load\n1,2,3\n");
        Assert.Contains("did you mean 'lag_24' or 'lag_25'?", Assert.Throws<TableException>(() => table.Numbers("lag_23")).Message, StringComparison.Ordinal);
        Assert.Contains("its columns are lag_24, lag_25, load", Assert.Throws<TableException>(() => table.Texts("humidity")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_files_are_refused_with_their_place()
    {
        Assert.Contains("data.csv: the file is empty", Refusal(""), StringComparison.Ordinal);
        Assert.Contains("no rows below the header", Refusal("a,b\n"), StringComparison.Ordinal);
        Assert.Contains("data.csv:3: the row has 1 cells, but the header has 2 columns", Refusal("a,b\n1,2\n3\n"), StringComparison.Ordinal);
        Assert.Contains("'a' stands twice", Refusal("a,b,a\n1,2,3\n"), StringComparison.Ordinal);
        Assert.Contains("column 2 has no name", Refusal("a,,b\n1,2,3\n"), StringComparison.Ordinal);
        Assert.Contains("data.csv:2: a quoted cell that begins in this row never ends", Refusal("a,b\n1,\"2\n3,4\n"), StringComparison.Ordinal);
        Assert.Contains("text after the closing quote", Refusal("a,b\n\"1\"x,2\n"), StringComparison.Ordinal);
        Assert.Contains("a quote inside a cell", Refusal("a,b\n1\"x,2\n"), StringComparison.Ordinal);
        Assert.Contains("so look for a quote that never closes", Refusal("a\n\"" + new string('7', 1 << 25)), StringComparison.Ordinal);
        Assert.Contains("longer than 1048576 bytes", Refusal("a\n" + new string('7', (1 << 20) + 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_that_cross_the_input_buffer_stay_whole()
    {
        var cells = Enumerable.Range(0, 40_000).Select(i => $"\"{i},\"\"{i}\"\"\"");
        var table = Read("a\n" + string.Join("\r\n", cells));
        var texts = table.Texts("a");
        Assert.Equal(40_000, texts.Length);
        Assert.All(texts.Select((text, i) => (text, i)), pair => Assert.Equal($"{pair.i},\"{pair.i}\"", pair.text));
    }
}
