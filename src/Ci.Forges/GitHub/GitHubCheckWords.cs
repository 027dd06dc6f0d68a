namespace Ci.Forges.GitHub;

/// <summary>GitHub's words for checks and statuses.</summary>
internal static class GitHubCheckWords
{
    public static string Word(CheckStatus status) => status switch
    {
        CheckStatus.Queued => "queued",
        CheckStatus.InProgress => "in_progress",
        _ => "completed",
    };

    public static string? Word(CheckConclusion? conclusion) => conclusion switch
    {
        null => null,
        CheckConclusion.TimedOut => "timed_out",
        CheckConclusion.ActionRequired => "action_required",
        { } other => other.ToString().ToLowerInvariant(),
    };

    // Branch protection lets neutral and skipped check runs pass, so the status that stands in for one says success too.
    public static string State(CheckRun check) => check.Conclusion switch
    {
        null => "pending",
        CheckConclusion.Success or CheckConclusion.Neutral or CheckConclusion.Skipped => "success",
        _ => "failure",
    };

    public static CheckRun Of(GitHubCheckRun run) => new()
    {
        Name = run.Name,
        HeadSha = run.HeadSha,
        Status = run.Status switch { "completed" => CheckStatus.Completed, "in_progress" => CheckStatus.InProgress, _ => CheckStatus.Queued },
        Conclusion = run.Status != "completed" ? null : run.Conclusion switch
        {
            "success" => CheckConclusion.Success,
            "neutral" => CheckConclusion.Neutral,
            "cancelled" => CheckConclusion.Cancelled,
            "skipped" => CheckConclusion.Skipped,
            "timed_out" => CheckConclusion.TimedOut,
            "action_required" => CheckConclusion.ActionRequired,
            _ => CheckConclusion.Failure,
        },
        Title = run.Output?.Title ?? "",
        Summary = run.Output?.Summary ?? "",
        DetailsUrl = Uri.TryCreate(run.DetailsUrl, UriKind.Absolute, out var url) ? url : null,
    };

    public static CheckRun Of(GitHubStatus status, string sha) => new()
    {
        Name = status.Context,
        HeadSha = sha,
        Status = status.State == "pending" ? CheckStatus.InProgress : CheckStatus.Completed,
        Conclusion = status.State switch { "pending" => null, "success" => CheckConclusion.Success, _ => CheckConclusion.Failure },
        Title = status.Description ?? "",
        DetailsUrl = Uri.TryCreate(status.TargetUrl, UriKind.Absolute, out var url) ? url : null,
    };
}
