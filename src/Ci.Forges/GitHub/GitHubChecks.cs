using Ci.Forges.Http;

namespace Ci.Forges.GitHub;

/// <summary>Check runs, and commit statuses where the token may not write those.</summary>
internal sealed class GitHubChecks(GitHubApi api) : IChecks
{
    private const int Tries = 3;
    private const int DescriptionLimit = 140;

    // Marks our own runs of a name among those of other tools.
    private const string Mark = "mlops";

    private readonly GitHubAnnotations annotations = new(api);

    public async Task<CheckReceipt> PutAsync(CheckRun check, CancellationToken ct = default)
    {
        if ((check.Status == CheckStatus.Completed) != (check.Conclusion is not null))
            throw new ArgumentException("a check has a conclusion exactly when it is completed", nameof(check));
        var existing = await this.OursAsync(check, ct);
        if (existing is not null && IsSame(existing, check))
            return Receipt(existing);
        // GitHub only ever adds annotations: a run that has some is followed by a new one, or they would stand there twice.
        var changed = existing?.Output?.AnnotationsCount > 0 ? null : existing;
        try
        {
            var made = await this.PutAsync(check, changed, existing?.Id ?? 0, ct);
            return Receipt(await this.annotations.AppendRestAsync(made, check, ct));
        }
        catch (ForgeRefusedException refusal)
        {
            return await this.StatusAsync(check, refusal, ct);
        }
    }

    public async Task<IReadOnlyList<CheckRun>> ListAsync(string sha, CancellationToken ct = default)
    {
        var commit = $"{api.Root}/commits/{Uri.EscapeDataString(sha)}";
        var runs = await api.ListAsync($"{commit}/check-runs?filter=latest", GitHubJson.Default.GitHubCheckRuns, p => p.CheckRuns, $"list the checks of {sha}", ct);
        var statuses = await api.ListAsync($"{commit}/status", GitHubJson.Default.GitHubCombinedStatus, p => p.Statuses, $"list the statuses of {sha}", ct);
        var all = runs.OrderByDescending(r => r.Id).DistinctBy(r => r.Name).Select(GitHubCheckWords.Of).ToList();
        all.AddRange(statuses.Where(s => all.TrueForAll(c => c.Name != s.Context)).Select(s => GitHubCheckWords.Of(s, sha)));
        return all;
    }

    private async Task<GitHubCheckRun?> OursAsync(CheckRun check, CancellationToken ct)
    {
        var path = $"{api.Root}/commits/{Uri.EscapeDataString(check.HeadSha)}/check-runs?check_name={Uri.EscapeDataString(check.Name)}&filter=latest";
        var runs = await api.ListAsync(path, GitHubJson.Default.GitHubCheckRuns, p => p.CheckRuns, $"find the check {check.Name}", ct);
        return runs.Where(r => r.ExternalId == Mark && r.HeadSha == check.HeadSha).MaxBy(r => r.Id);
    }

    // After the run numbered `since`, which was there before; what the answer of a write lost is found again among the later ones.
    private async Task<GitHubCheckRun> PutAsync(CheckRun check, GitHubCheckRun? existing, long since, CancellationToken ct)
    {
        // A repeated write would add its annotations twice.
        var request = existing is null
            ? new ForgeRequest(HttpMethod.Post, $"{api.Root}/check-runs", $"create the check {check.Name}") { Repeatable = false, Needs = "checks: write" }
            : new ForgeRequest(HttpMethod.Patch, $"{api.Root}/check-runs/{existing.Id}", $"update the check {check.Name}") { Repeatable = check.Annotations.Count == 0, Needs = "checks: write" };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await this.WriteAsync(request, check, existing is null, ct);
            }
            catch (ForgeUnavailableException) when (attempt < Tries)
            {
                // The answer may be lost while the run was made: look again before a second attempt.
                if (await this.OursAsync(check, ct) is { } made && (existing is not null || made.Id > since) && Matches(made, check))
                    return made;
            }
        }
    }

    private Task<GitHubCheckRun> WriteAsync(ForgeRequest request, CheckRun check, bool create, CancellationToken ct)
    {
        var body = new CheckRunWrite(
            check.Name, create ? check.HeadSha : null, GitHubCheckWords.Word(check.Status), GitHubCheckWords.Word(check.Conclusion),
            check.DetailsUrl?.AbsoluteUri, Mark, GitHubAnnotations.Output(check, 0));
        return api.WriteAsync(request, body, GitHubJson.Default.CheckRunWrite, GitHubJson.Default.GitHubCheckRun, ct);
    }

    private async Task<CheckReceipt> StatusAsync(CheckRun check, ForgeRefusedException refusal, CancellationToken ct)
    {
        var request = new ForgeRequest(HttpMethod.Post, $"{api.Root}/statuses/{Uri.EscapeDataString(check.HeadSha)}", $"set the status {check.Name}");
        var body = new StatusCreation(GitHubCheckWords.State(check), check.Name, TextLimit.Cut(check.Title, DescriptionLimit), check.DetailsUrl?.AbsoluteUri);
        var answer = await api.TryAsync(request, body, GitHubJson.Default.StatusCreation, ct);
        if (answer.IsSuccess)
            return new CheckReceipt("commit-status", api.Read(answer, GitHubJson.Default.GitHubStatus, request).Id, null);

        // Both ways are closed: the first one's message names the permission that people should give.
        throw answer.Status is 401 or 403 or 404 ? refusal : api.Problem(request, answer);
    }

    private static bool IsSame(GitHubCheckRun made, CheckRun check)
    {
        var output = GitHubAnnotations.Output(check, 0);
        return Matches(made, check) && made.Output?.Title == output.Title && made.Output.Summary?.TrimEnd() == output.Summary.TrimEnd()
            && made.Output.AnnotationsCount == check.Annotations.Count && made.DetailsUrl == check.DetailsUrl?.AbsoluteUri;
    }

    private static bool Matches(GitHubCheckRun made, CheckRun check) =>
        made.Status == GitHubCheckWords.Word(check.Status) && made.Conclusion == GitHubCheckWords.Word(check.Conclusion);

    private static CheckReceipt Receipt(GitHubCheckRun run) => new("check-run", run.Id, run.HtmlUrl);
}
