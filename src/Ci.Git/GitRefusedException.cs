namespace Ci.Git;

/// <summary>Git or the server will not do this: credentials, protection rules, hooks, an invalid name. Terminal until a person acts.</summary>
public sealed class GitRefusedException(string message) : GitException(message);
