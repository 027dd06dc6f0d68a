namespace Ci.Forges;

/// <summary>One person's latest word on a pull request.</summary>
/// <param name="Author">Login.</param>
/// <param name="State">What they said.</param>
/// <param name="CommitSha">The head that they saw; an approval of another commit is none. Null where the vendor does not say.</param>
/// <param name="SubmittedAt">When.</param>
public sealed record Review(string Author, ReviewState State, string? CommitSha, DateTimeOffset SubmittedAt);
