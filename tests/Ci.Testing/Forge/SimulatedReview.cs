namespace Ci.Testing.Forge;

/// <summary>A review: state is "APPROVED", "CHANGES_REQUESTED", "COMMENTED" or "DISMISSED".</summary>
public sealed record SimulatedReview(long Id, string Author, string State, string CommitSha, DateTimeOffset SubmittedAt);
