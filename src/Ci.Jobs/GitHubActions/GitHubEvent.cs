using System.Globalization;
using System.Text.Json;

namespace Ci.Jobs.GitHubActions;

/// <summary>
/// What the event file (<c>GITHUB_EVENT_PATH</c>) says. For <c>workflow_run</c> the commit is the one that the triggering run built;
/// its pull request is what the event claims, and whoever trusts it must check it against the commit.
/// </summary>
internal sealed record GitHubEvent(string? HeadSha, JobPullRequest? PullRequest)
{
    public static GitHubEvent Read(JobEnvironment world)
    {
        if (world.Text("GITHUB_EVENT_PATH") is not { } path || world.ReadFile(path) is not { } text)
            return new GitHubEvent(null, FromRef(world));
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            return Parse(document.RootElement) is { } read
                ? read with { PullRequest = read.PullRequest ?? FromRef(world) }
                : new GitHubEvent(null, FromRef(world));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new JobException($"{path} (GITHUB_EVENT_PATH) is no event that we understand: {error.Message}", error);
        }
    }

    private static GitHubEvent? Parse(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException("expected an object");
        if (root.TryGetProperty("pull_request", out var pull) && pull.ValueKind == JsonValueKind.Object)
        {
            var head = pull.GetProperty("head");
            return new GitHubEvent(Text(head, "sha"), new JobPullRequest(
                pull.GetProperty("number").GetInt32(), Text(head, "sha"), Text(pull.GetProperty("base"), "ref"), IsFork(pull, root)));
        }

        if (root.TryGetProperty("workflow_run", out var run) && run.ValueKind == JsonValueKind.Object)
            return OfWorkflowRun(run, root);

        // A comment on a pull request triggers as an issue that has a `pull_request` member.
        if (root.TryGetProperty("issue", out var issue) && issue.ValueKind == JsonValueKind.Object && issue.TryGetProperty("pull_request", out _))
            return new GitHubEvent(null, new JobPullRequest(issue.GetProperty("number").GetInt32(), null, null, IsFork: true));
        return null;
    }

    private static GitHubEvent OfWorkflowRun(JsonElement run, JsonElement root)
    {
        var sha = Text(run, "head_sha");
        var fork = run.TryGetProperty("head_repository", out var from) && Text(from, "full_name") != FullName(root);
        if (!run.TryGetProperty("pull_requests", out var pulls) || pulls.ValueKind != JsonValueKind.Array || pulls.GetArrayLength() != 1)
            return new GitHubEvent(sha, null);
        var only = pulls[0];
        var baseRef = only.TryGetProperty("base", out var target) ? Text(target, "ref") : null;
        return new GitHubEvent(sha, new JobPullRequest(only.GetProperty("number").GetInt32(), sha, baseRef, fork));
    }

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
        || Text(repository, "full_name") != FullName(root);

    private static string? FullName(JsonElement root) =>
        root.TryGetProperty("repository", out var repository) && repository.ValueKind == JsonValueKind.Object ? Text(repository, "full_name") : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
