using Ci.Forges.Http;

namespace Ci.Forges.GitHub;

/// <summary>Annotations of check runs: GitHub takes fifty a request and adds them to those that are there.</summary>
internal sealed class GitHubAnnotations(GitHubApi api)
{
    private const int MostAtOnce = 50;
    private const int Tries = 4;
    private const int SummaryLimit = 65_535;
    private const int TitleLimit = 255;
    private const int MessageLimit = 64 * 1024;

    /// <summary>What a check says, with those annotations that follow the first <paramref name="from"/>, as many as one request takes.</summary>
    public static CheckOutputWrite Output(CheckRun check, int from)
    {
        var batch = check.Annotations.Skip(from).Take(MostAtOnce).Select(Of).ToArray();
        return new CheckOutputWrite(
            TextLimit.Cut(check.Title, TitleLimit), TextLimit.CutLines(check.Summary, SummaryLimit), batch.Length == 0 ? null : batch);
    }

    /// <summary>Adds those that did not fit into the request that made the run.</summary>
    public async Task<GitHubCheckRun> AppendRestAsync(GitHubCheckRun run, CheckRun check, CancellationToken ct)
    {
        for (var done = MostAtOnce; done < check.Annotations.Count; done += MostAtOnce)
            run = await this.AppendAsync(run, check, done, ct);
        return run;
    }

    private async Task<GitHubCheckRun> AppendAsync(GitHubCheckRun run, CheckRun check, int done, CancellationToken ct)
    {
        var path = $"{api.Root}/check-runs/{run.Id}";
        var request = new ForgeRequest(HttpMethod.Patch, path, $"annotate the check {check.Name}") { Repeatable = false, Needs = "checks: write" };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await api.WriteAsync(
                    request, new AnnotationsWrite(Output(check, done)), GitHubJson.Default.AnnotationsWrite, GitHubJson.Default.GitHubCheckRun, ct);
            }
            catch (ForgeUnavailableException) when (attempt < Tries)
            {
                var now = await api.GetAsync(path, GitHubJson.Default.GitHubCheckRun, $"read the check {check.Name}", ct);
                if (now.Output?.AnnotationsCount > done)
                    return now;
            }
        }
    }

    private static GitHubAnnotation Of(CheckAnnotation note) => new(
        note.Path, Math.Max(1, note.Line), Math.Max(1, note.Line), note.Level.ToString().ToLowerInvariant(),
        TextLimit.CutLines(note.Message, MessageLimit) is { Length: > 0 } message ? message : note.Title,
        TextLimit.Cut(note.Title, TitleLimit) is { Length: > 0 } title ? title : null);
}
