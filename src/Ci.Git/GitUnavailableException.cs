namespace Ci.Git;

/// <summary>A remote did not answer, is not there now, or git took longer than allowed. Transient.</summary>
public sealed class GitUnavailableException(string message, Exception? inner = null) : GitException(message, inner);
