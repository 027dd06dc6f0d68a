namespace Ci.Git;

/// <summary>One compare-and-swap of a reference on a remote.</summary>
/// <param name="Ref">The full name: <c>refs/heads/main</c>, <c>refs/tags/a@v1.0.0</c>.</param>
/// <param name="NewCommit">The object that it shall point to; null deletes it.</param>
/// <param name="ExpectedOld">What it must point to now; null means that it must not exist.</param>
public sealed record RefUpdate(string Ref, string? NewCommit, string? ExpectedOld);
