namespace Ci.Build;

/// <summary>The build cannot go on: the message says what, where, and how to fix it.</summary>
internal sealed class BuildException(string message) : Exception(message);
