using System.Text.Json.Nodes;
using Ci.Forges.Http;

namespace Ci.Forges.GitHub;

/// <summary>Repository events and reruns.</summary>
internal sealed class GitHubDispatch(GitHubApi api) : IDispatch
{
    public async Task SendAsync(string eventType, JsonObject payload, CancellationToken ct = default)
    {
        var request = new ForgeRequest(HttpMethod.Post, $"{api.Root}/dispatches", $"send the event {eventType}") { Repeatable = false, Needs = "contents: write" };
        var answer = await api.TryAsync(request, new DispatchRequest(eventType, payload), GitHubJson.Default.DispatchRequest, ct);
        if (!answer.IsSuccess)
            throw api.Problem(request, answer);
    }

    public async Task RerunAsync(long runId, bool failedOnly = false, CancellationToken ct = default)
    {
        var path = $"{api.Root}/actions/runs/{runId}/{(failedOnly ? "rerun-failed-jobs" : "rerun")}";
        var request = new ForgeRequest(HttpMethod.Post, path, $"run {runId} again") { Repeatable = false, Needs = "actions: write" };
        var answer = await api.TryAsync(request, ct);
        if (!answer.IsSuccess)
            throw api.Problem(request, answer);
    }
}
