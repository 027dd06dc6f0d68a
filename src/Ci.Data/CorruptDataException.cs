namespace Ci.Data;

/// <summary>Bytes that are not what their name says; they were not used.</summary>
public sealed class CorruptDataException(string message) : DataException(message);
