namespace Ci.Edge;

/// <summary>The model could not be opened, or did not answer; the message says what, where and how to fix it.</summary>
public sealed class EdgeModelException(string message, Exception? inner = null) : Exception(message, inner);
