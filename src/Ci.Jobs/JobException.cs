namespace Ci.Jobs;

/// <summary>The job's environment contradicts itself or cannot be read; the message says what and how to fix it.</summary>
public sealed class JobException(string message, Exception? inner = null) : Exception(message, inner);
