using System.Globalization;
using System.Text.Json;

namespace Ci.Jobs.GitHubActions;

/// <summary>
/// What the event file (<c>GITHUB_EVENT_PATH</c>) says. For <c>workflow_run</c> the commit is the one that the triggering run built;
/// its pull request is what the event claims, and whoever trusts it must check it against the commit.
/// https://docs.github.com/en/webhooks/webhook-events-and-payloads
/// </summary>
internal sealed record GitHubEvent(string? HeadSha, JobPullRequest? PullRequest, JobTrigger? Trigger = null)
{
    private static readonly GitHubEvent Nothing = new(null, null);

    public static GitHubEvent Read(JobEnvironment world)
    {
        if (world.Text("GITHUB_EVENT_PATH") is not { } path || world.ReadFile(path) is not { } text)
            return new GitHubEvent(null, FromRef(world));
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            var read = Parse(world.Text("GITHUB_EVENT_NAME"), GitHubFields.Object(document.RootElement, "the event"));
            return read with { PullRequest = read.PullRequest ?? FromRef(world) };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new JobException($"{path} (GITHUB_EVENT_PATH) is no event that we understand: {error.Message}", error);
        }
    }

    // What the name promises must be there; without a name, and for events that we do not know, what is there says what it is.
    private static GitHubEvent Parse(string? name, JsonElement root) => name switch
    {
        "pull_request" or "pull_request_target" or "pull_request_review" => OfPullRequest(GitHubFields.Need(root, "pull_request"), root),
        "workflow_run" => OfWorkflowRun(GitHubFields.Need(root, "workflow_run"), root),
        "merge_group" => new GitHubEvent(GitHubFields.NeedSha(GitHubFields.Need(root, "merge_group"), "head_sha"), null),
        "push" => new GitHubEvent(Pushed(root), null),
        "schedule" or "workflow_dispatch" => Nothing,
        _ => ByShape(root),
    };

    private static GitHubEvent ByShape(JsonElement root)
    {
        if (root.TryGetProperty("pull_request", out var pull) && pull.ValueKind == JsonValueKind.Object)
            return OfPullRequest(pull, root);
        if (root.TryGetProperty("workflow_run", out var run) && run.ValueKind == JsonValueKind.Object)
            return OfWorkflowRun(run, root);
        if (root.TryGetProperty("merge_group", out var group) && group.ValueKind == JsonValueKind.Object)
            return new GitHubEvent(GitHubFields.NeedSha(group, "head_sha"), null);

        // A comment on a pull request triggers as an issue that has a `pull_request` member.
        if (root.TryGetProperty("issue", out var issue) && issue.ValueKind == JsonValueKind.Object && issue.TryGetProperty("pull_request", out _))
            return new GitHubEvent(null, new JobPullRequest(GitHubFields.NeedNumber(issue, "number"), null, null, IsFork: true));
        return Nothing;
    }

    private static GitHubEvent OfPullRequest(JsonElement pull, JsonElement root)
    {
        var sha = GitHubFields.NeedSha(GitHubFields.Need(pull, "head"), "sha");
        var baseRef = GitHubFields.Text(GitHubFields.Need(pull, "base"), "ref");
        return new GitHubEvent(sha, new JobPullRequest(GitHubFields.NeedNumber(pull, "number"), sha, baseRef, IsFork(pull, root)));
    }

    private static GitHubEvent OfWorkflowRun(JsonElement run, JsonElement root)
    {
        var sha = GitHubFields.NeedSha(run, "head_sha");
        // A deleted fork leaves `head_repository` null: still a fork.
        var from = run.TryGetProperty("head_repository", out var head) ? GitHubFields.Text(head, "full_name") : null;
        var fork = from is null || !string.Equals(from, FullName(root), StringComparison.OrdinalIgnoreCase);
        var trigger = new JobTrigger(GitHubFields.NeedLong(run, "id"), sha, GitHubFields.Text(run, "head_branch"), from, GitHubFields.Text(run, "event") ?? "", fork, null);
        if (!run.TryGetProperty("pull_requests", out var pulls) || pulls.ValueKind != JsonValueKind.Array || pulls.GetArrayLength() != 1)
            return new GitHubEvent(sha, null, trigger);
        var only = GitHubFields.Object(pulls[0], "pull_requests[0]");
        var baseRef = only.TryGetProperty("base", out var target) ? GitHubFields.Text(target, "ref") : null;
        return new GitHubEvent(sha, new JobPullRequest(GitHubFields.NeedNumber(only, "number"), sha, baseRef, fork), trigger);
    }

    // A deleted branch is pushed as a commit of noughts.
    private static string? Pushed(JsonElement root) =>
        GitHubFields.NeedSha(root, "after") is var sha && sha.All(c => c == '0') ? null : sha;

    // refs/pull/12/merge names the number where there is no event file.
    private static JobPullRequest? FromRef(JobEnvironment world) =>
        world.Text("GITHUB_REF")?.Split('/') is ["refs", "pull", var number, _]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed > 0
            ? new JobPullRequest(parsed, null, world.Text("GITHUB_BASE_REF"), IsFork: false)
            : null;

    // A deleted fork leaves `head.repo` null: still a fork.
    private static bool IsFork(JsonElement pull, JsonElement root) =>
        !pull.GetProperty("head").TryGetProperty("repo", out var repository)
        || repository.ValueKind != JsonValueKind.Object
        || !string.Equals(GitHubFields.Text(repository, "full_name"), FullName(root), StringComparison.OrdinalIgnoreCase);

    private static string? FullName(JsonElement root) => root.TryGetProperty("repository", out var repository) ? GitHubFields.Text(repository, "full_name") : null;
}
