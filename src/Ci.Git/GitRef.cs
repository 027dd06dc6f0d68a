namespace Ci.Git;

/// <summary>One local reference to a commit, with what its commit says.</summary>
/// <param name="Name">Full: <c>refs/heads/main</c>.</param>
/// <param name="Commit">The commit's full id.</param>
/// <param name="Date">When it was committed.</param>
/// <param name="Message">The whole message, without the last line break.</param>
public sealed record GitRef(string Name, string Commit, DateTimeOffset Date, string Message);
