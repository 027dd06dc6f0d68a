using Ci.Forges.Http;

namespace Ci.Forges.GitLab;

/// <summary>
/// Merging a merge request at a head. How GitLab merges is a setting of the project; where that is not what the caller asked for, the
/// refusal says which setting, rather than merging in another way.
/// </summary>
internal sealed class GitLabMerging(GitLabApi api)
{
    /// <summary>Whether the branches come together without conflict; null where GitLab has not found out yet.</summary>
    public static bool? IsMergeable(GitLabMergeRequest merge) => merge switch
    {
        { HasConflicts: true } or { MergeStatus: "cannot_be_merged" } or { DetailedMergeStatus: "conflict" } => false,
        { MergeStatus: "can_be_merged" } => true,
        _ => null,
    };

    public async Task<GitLabMergeRequest> MergeAsync(int number, MergeMethod method, string expectedHead, CancellationToken ct)
    {
        var ends = api.Deadline;
        var head = expectedHead;
        if (await this.FindMergedAsync(number, method, expectedHead, ct) is { } before)
            return before;
        await this.NeedMethodAsync(number, method, ct);
        while (true)
        {
            var request = this.Request(number);
            var answer = await api.TryAsync(request, new MergeAcceptance(head, method == MergeMethod.Squash), GitLabJson.Default.MergeAcceptance, ct);
            var merge = await this.GetAsync(number, ct);
            if (merge.State == "merged" && merge.Sha == head)
                return merge;
            if (merge.Sha != head)
                throw new ForgeConflictException($"{api.Description}: cannot merge merge request !{number}: its head is {merge.Sha}, not {head}; look again");
            if (method == MergeMethod.Rebase && merge.DetailedMergeStatus == "need_rebase" && api.Time.GetUtcNow() < ends)
            {
                head = await this.RebaseAsync(number, head, ends, ct);
                continue;
            }

            if (!(IsUndecided(merge) || merge.State == "locked") || api.Time.GetUtcNow() + api.Pause >= ends)
                throw this.Refusal(request, answer, merge);
            // GitLab finds out in the background whether the branches come together.
            await Task.Delay(api.Pause, api.Time, ct);
        }
    }

    private static bool IsUndecided(GitLabMergeRequest merge) =>
        merge.DetailedMergeStatus is "checking" or "unchecked" or "preparing" or "approvals_syncing"
        || (merge.DetailedMergeStatus is null && merge.MergeStatus is "checking" or "unchecked");

    private async Task<GitLabMergeRequest?> FindMergedAsync(int number, MergeMethod method, string expectedHead, CancellationToken ct)
    {
        var merge = await this.GetAsync(number, ct);
        if (merge.State != "merged" || merge.Sha == expectedHead)
            return merge.State == "merged" ? merge : null;
        // After a rebase the head that the caller knows is an earlier version of it.
        return method == MergeMethod.Rebase && (await this.VersionsAsync(number, ct)).Exists(v => v.HeadCommitSha == expectedHead) ? merge : null;
    }

    private Task<List<GitLabVersion>> VersionsAsync(int number, CancellationToken ct) =>
        api.ListAsync($"{api.Root}/merge_requests/{number}/versions", GitLabJson.Default.GitLabVersionArray, $"list the versions of !{number}", ct);

    private async Task NeedMethodAsync(int number, MergeMethod method, CancellationToken ct)
    {
        var project = await api.GetAsync(api.Root, GitLabJson.Default.GitLabProject, "read the project's settings", ct);
        var wrong = (method, project.MergeMethod, project.SquashOption) switch
        {
            (MergeMethod.Merge, "ff", _) => "the project merges by fast-forward, without a merge commit: set the merge method to 'Merge commit'",
            (MergeMethod.Rebase, not (null or "ff"), _) => "the project makes merge commits: set the merge method to 'Fast-forward merge'",
            (MergeMethod.Squash, _, "never") => "the project does not allow squashing: set 'Squash commits when merging' to 'Allow'",
            (MergeMethod.Merge or MergeMethod.Rebase, _, "always") => "the project always squashes: set 'Squash commits when merging' to 'Allow'",
            _ => null,
        };
        if (wrong is not null)
            throw new ForgeRefusedException($"{api.Description}: cannot merge merge request !{number} by {method.ToString().ToLowerInvariant()}: {wrong} (Settings > Merge requests), or ask for another method");
    }

    // Rebasing goes on in the background; the new head is what it leaves.
    private async Task<string> RebaseAsync(int number, string head, DateTimeOffset ends, CancellationToken ct)
    {
        var request = new ForgeRequest(HttpMethod.Put, $"{api.Root}/merge_requests/{number}/rebase", $"rebase merge request !{number}") { Needs = "the scope api and the role Developer" };
        var answer = await api.TryAsync(request, ct);
        if (!answer.IsSuccess)
            throw api.Problem(request, answer);
        while (true)
        {
            var merge = await api.GetAsync(
                $"{api.Root}/merge_requests/{number}?include_rebase_in_progress=true", GitLabJson.Default.GitLabMergeRequest, $"read merge request !{number}", ct);
            if (merge is { RebaseInProgress: false, MergeError: { Length: > 0 } error })
                throw new ForgeConflictException($"{api.Description}: cannot rebase merge request !{number}: {error}");
            if (!merge.RebaseInProgress && merge.Sha is { } moved && moved != head)
                return moved;
            if (api.Time.GetUtcNow() + api.Pause >= ends)
                throw new ForgeUnavailableException($"{api.Description}: cannot rebase merge request !{number}: GitLab has not finished it in time; try again");
            await Task.Delay(api.Pause, api.Time, ct);
        }
    }

    private ForgeException Refusal(ForgeRequest request, ForgeAnswer answer, GitLabMergeRequest merge)
    {
        var start = $"{api.Description}: cannot {request.What}";
        if (IsMergeable(merge) == false)
            return new ForgeConflictException($"{start}: {merge.SourceBranch} conflicts with {merge.TargetBranch}");
        if (answer.Status == 401)
            return new ForgeRefusedException($"{start}: the token's user may not merge into {merge.TargetBranch}: 'Allowed to merge' of the protected branch (Settings > Repository) says who may");
        // GitLab's own words are "405 Method Not Allowed"; the reason stands in the merge request.
        return answer.Status is 405 or 406 or 422 && merge.DetailedMergeStatus is { } status
            ? new ForgeRefusedException($"{start}: {GitLabMergeWords.Of(status)} ({status}; {ForgeErrorText.Of(answer.Body)})")
            : api.Problem(request, answer);
    }

    private ForgeRequest Request(int number) => new(HttpMethod.Put, $"{api.Root}/merge_requests/{number}/merge", $"merge merge request !{number}")
    {
        Needs = "the scope api and a role that may merge into the branch",
    };

    private Task<GitLabMergeRequest> GetAsync(int number, CancellationToken ct) =>
        api.GetAsync($"{api.Root}/merge_requests/{number}", GitLabJson.Default.GitLabMergeRequest, $"read merge request !{number}", ct);
}
