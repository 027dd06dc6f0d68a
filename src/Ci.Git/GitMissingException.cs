namespace Ci.Git;

/// <summary>There is no usable git on this machine. Terminal; the message says how to get it.</summary>
public sealed class GitMissingException(string message, Exception? inner = null) : GitException(message, inner);
