namespace Ci.Data;

/// <summary>The folder lies in no project.</summary>
public sealed class NotAProjectException(string message) : DataException(message);
