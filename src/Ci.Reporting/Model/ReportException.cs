namespace Ci.Reporting;

/// <summary>A report could not be read or made; the message says what is wrong and where.</summary>
public sealed class ReportException(string message, Exception? inner = null) : Exception(message, inner);
