using System.Text.Json.Nodes;
using Ci.Forges.Http;

namespace Ci.Forges.GitLab;

/// <summary>
/// Events are pipelines of the default branch with the variables MLOPS_EVENT and MLOPS_PAYLOAD (JSON), which the rules of
/// .gitlab-ci.yml can ask for; a run is a pipeline.
/// </summary>
internal sealed class GitLabDispatch(GitLabApi api) : IDispatch
{
    private const string NeedsRun = "the scope api and the role Developer";

    public async Task SendAsync(string eventType, JsonObject payload, CancellationToken ct = default)
    {
        var branch = await this.DefaultBranchAsync(ct)
            ?? throw new ForgeException($"{api.Description}: cannot send the event {eventType}: the project has no branch yet");
        var what = $"send the event {eventType}";
        if (api.Token.Kind == GitLabTokenKind.Job)
        {
            var variables = new Dictionary<string, string> { ["MLOPS_EVENT"] = eventType, ["MLOPS_PAYLOAD"] = payload.ToJsonString() };
            await api.WriteAsync(
                new ForgeRequest(HttpMethod.Post, $"{api.Root}/trigger/pipeline", what) { Repeatable = false, Needs = NeedsRun },
                new PipelineTrigger(api.Token.Value!, branch, variables), GitLabJson.Default.PipelineTrigger, GitLabJson.Default.GitLabPipeline, ct);
            return;
        }

        await this.CreateAsync(branch, what, [new("MLOPS_EVENT", eventType), new("MLOPS_PAYLOAD", payload.ToJsonString())], ct);
    }

    public async Task RerunAsync(long runId, bool failedOnly = false, CancellationToken ct = default)
    {
        var what = $"run the pipeline {runId} again";
        if (failedOnly)
        {
            var request = new ForgeRequest(HttpMethod.Post, $"{api.Root}/pipelines/{runId}/retry", what) { Repeatable = false, Needs = NeedsRun };
            await api.SendAsync(request, GitLabJson.Default.GitLabPipeline, ct);
            return;
        }

        // GitLab repeats failed jobs alone; the whole is a new pipeline of the same branch or merge request.
        var pipeline = await api.GetAsync($"{api.Root}/pipelines/{runId}", GitLabJson.Default.GitLabPipeline, what, ct);
        if (pipeline.Ref.Split('/') is ["refs", "merge-requests", var number, _] && number.All(char.IsAsciiDigit))
        {
            var request = new ForgeRequest(HttpMethod.Post, $"{api.Root}/merge_requests/{number}/pipelines", what) { Repeatable = false, Needs = NeedsRun };
            await api.SendAsync(request, GitLabJson.Default.GitLabPipeline, ct);
            return;
        }

        await this.CreateAsync(pipeline.Ref, what, [], ct);
    }

    // A job token may read branches, but not the project.
    private async Task<string?> DefaultBranchAsync(CancellationToken ct) => api.Token.Kind == GitLabTokenKind.Job
        ? (await api.ListAsync($"{api.Root}/repository/branches", GitLabJson.Default.GitLabBranchArray, "find the default branch", ct)).Find(b => b.Default)?.Name
        : (await api.GetAsync(api.Root, GitLabJson.Default.GitLabProject, "read the project's settings", ct)).DefaultBranch;

    private Task CreateAsync(string branch, string what, PipelineVariable[] variables, CancellationToken ct) => api.WriteAsync(
        new ForgeRequest(HttpMethod.Post, $"{api.Root}/pipeline", what) { Repeatable = false, Needs = NeedsRun },
        new PipelineCreation(branch, variables), GitLabJson.Default.PipelineCreation, GitLabJson.Default.GitLabPipeline, ct);
}
