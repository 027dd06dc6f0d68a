using Ci.Forges.Http;

namespace Ci.Forges.GitLab;

/// <summary>Merge requests.</summary>
internal sealed class GitLabPullRequests(GitLabApi api) : IPullRequests
{
    private const string NeedsWrite = "the scope api and the role Developer";

    private readonly GitLabMerging merging = new(api);

    public async Task<PullRequest> OpenAsync(string title, string body, string head, string @base, CancellationToken ct = default)
    {
        if (await this.FindAsync(head, @base, ct) is { } open)
            return open;
        var request = new ForgeRequest(HttpMethod.Post, $"{api.Root}/merge_requests", $"open a merge request from {head} to {@base}") { Repeatable = false, Needs = NeedsWrite };
        try
        {
            return this.Of(await api.WriteAsync(
                request, new MergeRequestCreation(head, @base, title, GitLabQuickActions.Quiet(body)), GitLabJson.Default.MergeRequestCreation, GitLabJson.Default.GitLabMergeRequest, ct));
        }
        catch (ForgeException error) when (error is not (ForgeRefusedException or ForgeNotFoundException))
        {
            // The answer may be lost, or another job was quicker (409): what counts is whether it is there now.
            if (await this.FindAsync(head, @base, ct) is { } there)
                return there;
            throw;
        }
    }

    public async Task<IReadOnlyList<PullRequest>> FindOpenAsync(string? head = null, string? @base = null, CancellationToken ct = default)
    {
        var path = $"{api.Root}/merge_requests?state=opened&order_by=created_at&sort=asc";
        if (head is not null)
            path += $"&source_branch={Uri.EscapeDataString(head)}";
        if (@base is not null)
            path += $"&target_branch={Uri.EscapeDataString(@base)}";
        var found = await api.ListAsync(path, GitLabJson.Default.GitLabMergeRequestArray, "list merge requests", ct);
        // A fork's branch of the same name is another branch.
        return [.. found.DistinctBy(m => m.Iid).OrderBy(m => m.Iid).Select(this.Of)
            .Where(p => (head is null || (p.HeadBranch == head && !p.IsFork)) && (@base is null || p.BaseBranch == @base))];
    }

    public async Task<PullRequest> GetAsync(int number, CancellationToken ct = default) =>
        this.Of(await api.GetAsync($"{api.Root}/merge_requests/{number}", GitLabJson.Default.GitLabMergeRequest, $"read merge request !{number}", ct));

    public Task<PullRequest> UpdateAsync(int number, string? title = null, string? body = null, CancellationToken ct = default) =>
        // GitLab refuses a change of nothing.
        title is null && body is null
            ? this.GetAsync(number, ct)
            : this.ChangeAsync(number, new MergeRequestChange(title, body is null ? null : GitLabQuickActions.Quiet(body)), $"update merge request !{number}", ct);

    public async Task<PullRequest> MergeAsync(int number, MergeMethod method, string expectedHead, CancellationToken ct = default) =>
        this.Of(await this.merging.MergeAsync(number, method, expectedHead, ct));

    public async Task CloseAsync(int number, CancellationToken ct = default)
    {
        if ((await this.GetAsync(number, ct)).State == PullRequestState.Open)
            await this.ChangeAsync(number, new MergeRequestChange(StateEvent: "close"), $"close merge request !{number}", ct);
    }

    public async Task<IReadOnlyList<PullRequest>> FindForCommitAsync(string sha, CancellationToken ct = default)
    {
        var path = $"{api.Root}/repository/commits/{Uri.EscapeDataString(sha)}/merge_requests";
        var found = await api.ListAsync(path, GitLabJson.Default.GitLabMergeRequestArray, $"list the merge requests of {sha}", ct);
        return [.. found.Select(this.Of).Where(p => p.State != PullRequestState.Closed)];
    }

    private async Task<PullRequest?> FindAsync(string head, string @base, CancellationToken ct)
    {
        var open = await this.FindOpenAsync(head, @base, ct);
        return open.Count > 0 ? open[0] : null;
    }

    private async Task<PullRequest> ChangeAsync(int number, MergeRequestChange change, string what, CancellationToken ct)
    {
        var request = new ForgeRequest(HttpMethod.Put, $"{api.Root}/merge_requests/{number}", what) { Needs = NeedsWrite };
        return this.Of(await api.WriteAsync(request, change, GitLabJson.Default.MergeRequestChange, GitLabJson.Default.GitLabMergeRequest, ct));
    }

    private PullRequest Of(GitLabMergeRequest merge)
    {
        var state = merge.State switch { "merged" => PullRequestState.Merged, "closed" => PullRequestState.Closed, _ => PullRequestState.Open };
        return new PullRequest
        {
            Number = merge.Iid,
            Title = merge.Title,
            Body = merge.Description ?? "",
            State = state,
            HeadBranch = merge.SourceBranch,
            HeadSha = merge.Sha ?? "",
            BaseBranch = merge.TargetBranch,
            // A fast-forward leaves the head itself; a squash without a merge commit the squashed one.
            MergeCommitSha = state == PullRequestState.Merged ? merge.MergeCommitSha ?? merge.SquashCommitSha ?? merge.Sha : null,
            Mergeable = GitLabMerging.IsMergeable(merge),
            Author = merge.Author?.Username ?? "ghost",
            IsFork = IsFork(merge),
            // Of a fork GitLab says the number alone.
            HeadRepository = IsFork(merge) ? null : api.Path,
            Url = merge.WebUrl,
        };
    }

    // A deleted fork leaves no project: still a fork.
    private static bool IsFork(GitLabMergeRequest merge) => merge.SourceProjectId is null || merge.SourceProjectId != merge.TargetProjectId;
}
