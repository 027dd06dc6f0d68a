namespace Ci.Forges.GitHub;

/// <summary>Reviews of pull requests.</summary>
internal sealed class GitHubReviews(GitHubApi api) : IReviews
{
    public async Task<IReadOnlyList<Review>> ListAsync(int pullRequest, CancellationToken ct = default)
    {
        var all = await api.ListAsync(
            $"{api.Root}/pulls/{pullRequest}/reviews", GitHubJson.Default.GitHubReviewArray, r => r, $"list the reviews of #{pullRequest}", ct);
        // GitHub lists them oldest first; pending ones have no date and are nobody's word yet.
        return [.. all.Where(r => r.SubmittedAt is not null && r.User is not null)
            .Select(r => new Review(r.User!.Login, State(r.State), r.CommitId, r.SubmittedAt!.Value))
            .GroupBy(r => r.Author, StringComparer.Ordinal)
            .Select(g => g.LastOrDefault(r => r.State != ReviewState.Commented) ?? g.Last())];
    }

    private static ReviewState State(string word) => word switch
    {
        "APPROVED" => ReviewState.Approved,
        "CHANGES_REQUESTED" => ReviewState.ChangesRequested,
        "DISMISSED" => ReviewState.Dismissed,
        _ => ReviewState.Commented,
    };
}
