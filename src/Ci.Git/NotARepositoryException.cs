namespace Ci.Git;

/// <summary>The path lies in no Git repository. Terminal.</summary>
public sealed class NotARepositoryException(string message) : GitException(message);
