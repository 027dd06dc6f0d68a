namespace Ci.Git;

/// <summary>The family of everything that git reports. Its own words stand in the message.</summary>
public class GitException(string message, Exception? inner = null) : Exception(message, inner);
