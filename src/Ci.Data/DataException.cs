namespace Ci.Data;

/// <summary>The family of everything that goes wrong with data and its descriptions; the message says what, where and how to fix it.</summary>
public class DataException(string message, Exception? inner = null) : Exception(message, inner);
