using System.CommandLine;
using System.Globalization;
using Ci.Forges;
using Ci.Jobs;

namespace Ci.Cli.Verbs;

/// <summary>Where a comment goes, by what the command line, CML's variables and the job say.</summary>
internal static class CommentPlace
{
    public static async Task<CommentTarget> FindAsync(ForgeSettings settings, IForge forge, ParseResult parsed, CmlVariables cml, string? pr, CancellationToken ct)
    {
        var commit = cml.Text(CommentOptions.CommitSha);
        // CML's older way to say the target: by these options alone.
        var asked = cml.Text(CommentOptions.Target) ?? (pr == "true" ? "pr" : pr is not null ? $"pr/{pr}" : commit is not null && settings.PullRequest(null) is null ? "commit" : "auto");
        if (commit is not null && pr is null && CmlVariables.IsGiven(parsed, CommentOptions.CommitSha) && asked == "auto")
            asked = "commit";
        var parts = asked.Split('/', 2);
        switch (parts[0].ToLowerInvariant())
        {
            case "pr" when parts.Length == 2:
                return Number(parts[1], asked);
            case "issue" when parts.Length == 2:
                return forge.Comments.IncludesIssues ? Number(parts[1], asked) : throw new CliException($"{forge.Description} keeps comments of issues apart: --target is pr, pr/NUMBER, commit or commit/SHA there", ExitCode.Usage);
            case "pr":
                return (pr is not null and not "true" ? Number(pr, asked) : await PullAsync(settings, forge, ct))
                    ?? throw new CliException("which pull request? Give --pr NUMBER; this job runs for none", ExitCode.Usage);
            case "commit":
                return CommentTarget.OfCommit(settings.Commit(parts.Length == 2 ? parts[1] : commit));
            case "auto":
                return await PullAsync(settings, forge, ct) ?? CommentTarget.OfCommit(settings.Commit(commit));
            default:
                throw new CliException($"--target is auto, pr, pr/NUMBER, commit, commit/SHA or issue/NUMBER, not '{LogText.Line(asked, 80)}'", ExitCode.Usage);
        }
    }

    // A job of a push runs for no pull request, but its commit may be the head of one.
    private static async Task<CommentTarget?> PullAsync(ForgeSettings settings, IForge forge, CancellationToken ct)
    {
        if (settings.PullRequest(null) is { } number)
            return number;
        if (settings.Job.CommitSha is not { } commit)
            return null;
        try
        {
            var open = (await forge.PullRequests.FindForCommitAsync(commit, ct)).FirstOrDefault(p => p.State == PullRequestState.Open);
            return open is null ? null : CommentTarget.OfPullRequest(open.Number);
        }
        catch (Exception error) when (error is ForgeRefusedException or ForgeNotFoundException)
        {
            return null;
        }
    }

    private static CommentTarget Number(string text, string asked) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new CliException($"--target is auto, pr, pr/NUMBER, commit, commit/SHA or issue/NUMBER, not '{LogText.Line(asked, 80)}'", ExitCode.Usage);
}
