namespace Ci.Git;

/// <summary>One entry of a tree.</summary>
/// <param name="Mode">As git writes it: <c>100644</c>, <c>100755</c>, <c>120000</c>, <c>040000</c>, <c>160000</c>.</param>
/// <param name="Type"><c>blob</c>, <c>tree</c> or <c>commit</c>.</param>
/// <param name="Id">The object's id.</param>
/// <param name="Path">From the root of the repository, '/'-separated. May hold any character but NUL: never trust it into a path.</param>
public sealed record GitTreeEntry(string Mode, string Type, string Id, string Path);
