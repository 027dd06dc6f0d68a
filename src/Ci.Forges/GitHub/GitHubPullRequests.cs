using Ci.Forges.Http;

namespace Ci.Forges.GitHub;

/// <summary>Pull requests.</summary>
internal sealed class GitHubPullRequests(GitHubApi api) : IPullRequests
{
    private const string NeedsWrite = "pull-requests: write";

    public async Task<PullRequest> OpenAsync(string title, string body, string head, string @base, CancellationToken ct = default)
    {
        if (await this.FindAsync(head, @base, ct) is { } open)
            return open;
        var request = new ForgeRequest(HttpMethod.Post, $"{api.Root}/pulls", $"open a pull request from {head} to {@base}") { Repeatable = false, Needs = NeedsWrite };
        try
        {
            return this.Of(await api.WriteAsync(
                request, new PullRequestCreation(title, body, head, @base), GitHubJson.Default.PullRequestCreation, GitHubJson.Default.GitHubPull, ct));
        }
        catch (ForgeException error) when (error is not (ForgeRefusedException or ForgeNotFoundException))
        {
            // The answer may be lost, or another job was quicker: what counts is whether it is there now.
            if (await this.FindAsync(head, @base, ct) is { } there)
                return there;
            throw;
        }
    }

    public async Task<IReadOnlyList<PullRequest>> FindOpenAsync(string? head = null, string? @base = null, CancellationToken ct = default)
    {
        var path = $"{api.Root}/pulls?state=open&sort=created&direction=asc";
        // Without the owner GitHub ignores the filter silently.
        if (head is not null)
            path += $"&head={Uri.EscapeDataString($"{api.Owner}:{head}")}";
        if (@base is not null)
            path += $"&base={Uri.EscapeDataString(@base)}";
        var pulls = await api.ListAsync(path, GitHubJson.Default.GitHubPullArray, p => p, "list pull requests", ct);
        return [.. pulls.Select(this.Of).Where(p => (head is null || p.HeadBranch == head) && (@base is null || p.BaseBranch == @base))];
    }

    public async Task<PullRequest> GetAsync(int number, CancellationToken ct = default) =>
        this.Of(await api.GetAsync($"{api.Root}/pulls/{number}", GitHubJson.Default.GitHubPull, $"read pull request #{number}", ct, "pull-requests: read"));

    public async Task<PullRequest> UpdateAsync(int number, string? title = null, string? body = null, CancellationToken ct = default) =>
        await this.ChangeAsync(number, new PullRequestChange(title, body), $"update pull request #{number}", ct);

    public async Task<PullRequest> MergeAsync(int number, MergeMethod method, string expectedHead, CancellationToken ct = default)
    {
        var request = new ForgeRequest(HttpMethod.Put, $"{api.Root}/pulls/{number}/merge", $"merge pull request #{number}") { Needs = "contents: write" };
        var body = new MergeRequest(expectedHead, method.ToString().ToLowerInvariant());
        var answer = await api.TryAsync(request, body, GitHubJson.Default.MergeRequest, ct);
        if (!answer.IsSuccess && answer.Status is not (405 or 409))
            throw api.Problem(request, answer);

        var pull = await this.GetAsync(number, ct);
        if (pull.State == PullRequestState.Merged && pull.HeadSha == expectedHead)
            return pull;
        if (pull.HeadSha != expectedHead)
            throw new ForgeConflictException($"{api.Description}: cannot merge pull request #{number}: its head is {pull.HeadSha}, not {expectedHead}; look again");
        if (pull.Mergeable == false)
            throw new ForgeConflictException($"{api.Description}: cannot merge pull request #{number}: {pull.HeadBranch} conflicts with {pull.BaseBranch}");
        throw api.Problem(request, answer);
    }

    public async Task CloseAsync(int number, CancellationToken ct = default) =>
        await this.ChangeAsync(number, new PullRequestChange(State: "closed"), $"close pull request #{number}", ct);

    public async Task<IReadOnlyList<PullRequest>> FindForCommitAsync(string sha, CancellationToken ct = default)
    {
        var path = $"{api.Root}/commits/{Uri.EscapeDataString(sha)}/pulls";
        var pulls = await api.ListAsync(path, GitHubJson.Default.GitHubPullArray, p => p, $"list the pull requests of {sha}", ct);
        return [.. pulls.Select(this.Of)];
    }

    private async Task<PullRequest?> FindAsync(string head, string @base, CancellationToken ct)
    {
        var open = await this.FindOpenAsync(head, @base, ct);
        return open.Count > 0 ? open[0] : null;
    }

    private async Task<PullRequest> ChangeAsync(int number, PullRequestChange change, string what, CancellationToken ct)
    {
        var request = new ForgeRequest(HttpMethod.Patch, $"{api.Root}/pulls/{number}", what) { Needs = NeedsWrite };
        return this.Of(await api.WriteAsync(request, change, GitHubJson.Default.PullRequestChange, GitHubJson.Default.GitHubPull, ct));
    }

    private PullRequest Of(GitHubPull pull)
    {
        var state = pull.MergedAt is not null ? PullRequestState.Merged : pull.State == "open" ? PullRequestState.Open : PullRequestState.Closed;
        return new PullRequest
        {
            Number = pull.Number,
            Title = pull.Title,
            Body = pull.Body ?? "",
            State = state,
            HeadBranch = pull.Head.Ref,
            HeadSha = pull.Head.Sha,
            BaseBranch = pull.Base.Ref,
            BaseSha = pull.Base.Sha,
            // While it is open GitHub puts its test merge there.
            MergeCommitSha = state == PullRequestState.Merged ? pull.MergeCommitSha : null,
            Mergeable = pull.Mergeable,
            Author = pull.User?.Login ?? "ghost",
            IsFork = !string.Equals(pull.Head.Repo?.FullName, api.Slug, StringComparison.OrdinalIgnoreCase),
            HeadRepository = pull.Head.Repo?.FullName,
            Url = pull.HtmlUrl,
        };
    }
}
