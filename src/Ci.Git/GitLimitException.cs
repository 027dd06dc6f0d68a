namespace Ci.Git;

/// <summary>A remote sent more than this side takes (<see cref="GitOptions.MostFetchedBytes"/>). Terminal until what lies there is smaller.</summary>
public sealed class GitLimitException(string message) : GitException(message);
