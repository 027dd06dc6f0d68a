namespace Ci.Reporting;

/// <summary>Terminal: a bundle is not what it has to be, and nothing of it is shown; the message says what is wrong and where.</summary>
public sealed class BundleRefusedException(string message, Exception? inner = null) : Exception(message, inner);
