namespace Ci.Forges.GitLab;

/// <summary>
/// Approvals, and reviewers who asked for changes. GitLab does not say which head somebody approved; it says when, and when each head
/// arrived, by the same clock: an approval is one of the head that stood there at that moment.
/// </summary>
internal sealed class GitLabReviews(GitLabApi api) : IReviews
{
    // What GitLab notes when somebody approves; releases before approved_at say the moment only there.
    private const string ApprovalNote = "approved this merge request";

    public async Task<IReadOnlyList<Review>> ListAsync(int pullRequest, CancellationToken ct = default)
    {
        var root = $"{api.Root}/merge_requests/{pullRequest}";
        var approvals = await api.GetAsync($"{root}/approvals", GitLabJson.Default.GitLabApprovals, $"list the approvals of !{pullRequest}", ct);
        var reviewers = await api.ListAsync($"{root}/reviewers", GitLabJson.Default.GitLabReviewerArray, $"list the reviewers of !{pullRequest}", ct);
        var blockers = reviewers.Where(r => r.State == "requested_changes").ToList();
        var reviews = blockers.ConvertAll(r => new Review(r.User.Username, ReviewState.ChangesRequested, null, r.CreatedAt));
        var approvers = approvals.ApprovedBy.Where(a => blockers.TrueForAll(b => b.User.Username != a.User.Username)).ToList();
        if (approvers.Count == 0)
            return reviews;

        var versions = await api.ListAsync($"{root}/versions", GitLabJson.Default.GitLabVersionArray, $"list the versions of !{pullRequest}", ct);
        var notes = approvers.TrueForAll(a => a.ApprovedAt is not null)
            ? []
            : await api.ListAsync($"{root}/notes?sort=asc&order_by=created_at", GitLabJson.Default.GitLabNoteArray, $"list the notes of !{pullRequest}", ct);
        foreach (var approval in approvers)
        {
            var at = approval.ApprovedAt ?? Noted(notes, approval.User.Username);
            reviews.Add(new Review(approval.User.Username, ReviewState.Approved, at is { } moment ? HeadAt(versions, moment) : null, at ?? default));
        }

        return reviews;
    }

    private static DateTimeOffset? Noted(List<GitLabNote> notes, string user) =>
        notes.Where(n => n.System && n.Author?.Username == user && n.Body?.Trim() == ApprovalNote).MaxBy(n => n.Id)?.CreatedAt;

    // In the very moment of a push nobody knows what the approver saw: that counts for the head before.
    private static string? HeadAt(List<GitLabVersion> versions, DateTimeOffset moment) =>
        versions.Where(v => v.CreatedAt < moment).MaxBy(v => v.Id)?.HeadCommitSha;
}
