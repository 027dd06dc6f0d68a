using System.Collections.Concurrent;
using Ci.Forges.Http;

namespace Ci.Forges.GitLab;

/// <summary>
/// Commit statuses: GitLab has no check runs. A status joins the commit's latest pipeline, and "Pipelines must succeed" (a setting of the
/// project) makes it count for merging. Its one line is all that GitLab shows: summaries and annotations go elsewhere.
/// </summary>
internal sealed class GitLabChecks(GitLabApi api) : IChecks
{
    private const int DescriptionLimit = 255;
    private const int AddressLimit = 255;

    private readonly ConcurrentDictionary<string, long> pipelines = new(StringComparer.Ordinal);

    public async Task<CheckReceipt> PutAsync(CheckRun check, CancellationToken ct = default)
    {
        if ((check.Status == CheckStatus.Completed) != (check.Conclusion is not null))
            throw new ArgumentException("a check has a conclusion exactly when it is completed", nameof(check));
        // A finished status of the same name is superseded by the next, never shown twice: repeating is harmless.
        var request = new ForgeRequest(HttpMethod.Post, $"{api.Root}/statuses/{Uri.EscapeDataString(check.HeadSha)}", $"set the status {check.Name}")
        {
            Needs = "the scope api and the role Developer",
        };
        var address = check.DetailsUrl?.AbsoluteUri is { Length: <= AddressLimit } url ? url : null;
        var state = GitLabStatusWords.Word(check);
        var body = new StatusWrite(state, check.Name, TextLimit.Cut(check.Title, DescriptionLimit), address, await this.PipelineAsync(check.HeadSha, ct));
        var answer = await api.TryAsync(request, body, GitLabJson.Default.StatusWrite, ct);
        if (answer.IsSuccess)
            return Receipt(api.Read(answer, GitLabJson.Default.GitLabStatus, request));

        // "Cannot transition status via :run from :running": it is in that state already, or another job was quicker.
        if (answer.Status == 400 && await this.FindAsync(check, ct) is { } there && there.Status == state)
            return Receipt(there);
        throw api.Problem(request, answer);
    }

    public async Task<IReadOnlyList<CheckRun>> ListAsync(string sha, CancellationToken ct = default)
    {
        var statuses = await api.ListAsync(Statuses(sha), GitLabJson.Default.GitLabStatusArray, $"list the statuses of {sha}", ct);
        return [.. statuses.OrderByDescending(s => s.Id).DistinctBy(s => s.Name).Select(s => GitLabStatusWords.Of(s, sha))];
    }

    private async Task<GitLabStatus?> FindAsync(CheckRun check, CancellationToken ct)
    {
        var path = $"{Statuses(check.HeadSha)}?name={Uri.EscapeDataString(check.Name)}";
        var statuses = await api.ListAsync(path, GitLabJson.Default.GitLabStatusArray, $"find the status {check.Name}", ct);
        return statuses.Where(s => s.Name == check.Name).MaxBy(s => s.Id);
    }

    // Without it GitLab guesses a branch, and beside a merge request's pipeline makes another one that nobody looks at.
    private async Task<long?> PipelineAsync(string sha, CancellationToken ct)
    {
        if (this.pipelines.TryGetValue(sha, out var known))
            return known;
        var request = new ForgeRequest(HttpMethod.Get, $"{api.Root}/pipelines?sha={Uri.EscapeDataString(sha)}&order_by=id&sort=desc&per_page=1", $"find the pipeline of {sha}");
        var answer = await api.TryAsync(request, ct);
        if (!answer.IsSuccess || api.Read(answer, GitLabJson.Default.GitLabPipelineArray, request) is not [var latest, ..])
            return null;
        return this.pipelines[sha] = latest.Id;
    }

    private string Statuses(string sha) => $"{api.Root}/repository/commits/{Uri.EscapeDataString(sha)}/statuses";

    private static CheckReceipt Receipt(GitLabStatus status) =>
        new("commit-status", status.Id, Uri.TryCreate(status.TargetUrl, UriKind.Absolute, out var url) ? url : null);
}
