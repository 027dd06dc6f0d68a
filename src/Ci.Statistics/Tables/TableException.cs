namespace Ci.Statistics;

/// <summary>A table could not be read as asked. The message names the file, the column, the row, the cell, and how to fix it. Terminal.</summary>
public sealed class TableException(string message, Exception? inner = null) : Exception(message, inner);
