using CsvHelper;

namespace Ci.Statistics;

/// <summary>What can be wrong with CSV text, in words: the same for a table read whole and for one read row by row.</summary>
internal static class CsvProblem
{
    internal const int LongestCell = 1 << 20;
    internal const int LongestRow = 1 << 24;
    internal const int MostColumns = 100_000;

    public static TableException Malformed(string name, CsvMalformedRecord record) => new($"{name}:{record.LineNumber}: " + record.Reason switch
    {
        CsvMalformedReason.StrayQuote => "a quote inside a cell that does not begin with one; write \"…\" around the cell and \"\" for a quote in it",
        CsvMalformedReason.TextAfterClosingQuote => "text after the closing quote of a cell; write \"\" for a quote within it",
        CsvMalformedReason.UnterminatedQuote => "a quoted cell that begins in this row never ends; close its quote",
        var reason => $"the row is no CSV ({reason})",
    });

    public static TableException TooLong(string name, long line, CsvFormatException error) =>
        // All that is left to CsvHelper: a row beyond the bound, as an unclosed quote at the start of a large file makes.
        new($"{name}:{line}: {error.Message}; a row may have {LongestRow >> 20} MiB, so look for a quote that never closes");

    public static TableException Ragged(string name, long line, int cells, int columns) =>
        new($"{name}:{line}: the row has {cells} cells, but the header has {columns} columns; every row needs as many cells as the header (quote a cell that holds a comma)");

    public static TableException LongCell(string name, long line, int column) =>
        new($"{name}:{line}: column {column + 1}: the cell is longer than {LongestCell} bytes");
}
