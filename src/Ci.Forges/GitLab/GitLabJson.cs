using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ci.Forges.GitLab;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GitLabUser))]
[JsonSerializable(typeof(GitLabProject))]
[JsonSerializable(typeof(GitLabBranch[]))]
[JsonSerializable(typeof(GitLabRunningJob))]
[JsonSerializable(typeof(GitLabNote))]
[JsonSerializable(typeof(GitLabNote[]))]
[JsonSerializable(typeof(GitLabDiscussion))]
[JsonSerializable(typeof(GitLabDiscussion[]))]
[JsonSerializable(typeof(GitLabMergeRequest))]
[JsonSerializable(typeof(GitLabMergeRequest[]))]
[JsonSerializable(typeof(GitLabVersion[]))]
[JsonSerializable(typeof(GitLabApprovals))]
[JsonSerializable(typeof(GitLabReviewer[]))]
[JsonSerializable(typeof(GitLabStatus))]
[JsonSerializable(typeof(GitLabStatus[]))]
[JsonSerializable(typeof(GitLabUpload))]
[JsonSerializable(typeof(GitLabUploadEntry[]))]
[JsonSerializable(typeof(GitLabPipeline))]
[JsonSerializable(typeof(GitLabPipeline[]))]
[JsonSerializable(typeof(GitLabScopeRefusal))]
[JsonSerializable(typeof(NoteWrite))]
[JsonSerializable(typeof(MergeRequestCreation))]
[JsonSerializable(typeof(MergeRequestChange))]
[JsonSerializable(typeof(MergeAcceptance))]
[JsonSerializable(typeof(StatusWrite))]
[JsonSerializable(typeof(PipelineCreation))]
[JsonSerializable(typeof(PipelineTrigger))]
internal sealed partial class GitLabJson : JsonSerializerContext;

// GitLab's wire format: only the members that we use; those without a default must be there. https://docs.gitlab.com/api/rest/
internal sealed record GitLabUser(string Username);

internal sealed record GitLabProject(long Id, string? DefaultBranch = null, string? MergeMethod = null, string? SquashOption = null);

internal sealed record GitLabBranch(string Name, bool Default = false);

// GET /job: the job that a job token belongs to.
internal sealed record GitLabRunningJob(GitLabUser User);

internal sealed record GitLabNote(
    long Id, GitLabUser? Author = null, string? Body = null, bool System = false, DateTimeOffset CreatedAt = default);

internal sealed record GitLabDiscussion(string Id, GitLabNote[] Notes) : IJsonOnDeserialized
{
    public void OnDeserialized() => NullItems.Refuse(this.Notes);
}

internal sealed record GitLabMergeRequest(
    int Iid, string Title, string State, string SourceBranch, string TargetBranch, Uri WebUrl, string? Sha = null, string? Description = null,
    GitLabUser? Author = null, long? SourceProjectId = null, long? TargetProjectId = null, string? MergeCommitSha = null,
    string? SquashCommitSha = null, string? MergeStatus = null, string? DetailedMergeStatus = null, string? MergeError = null,
    bool? HasConflicts = null, bool RebaseInProgress = false);

internal sealed record GitLabVersion(long Id, string HeadCommitSha, DateTimeOffset CreatedAt);

internal sealed record GitLabApproval(GitLabUser User, DateTimeOffset? ApprovedAt = null);

internal sealed record GitLabApprovals(GitLabApproval[] ApprovedBy) : IJsonOnDeserialized
{
    public void OnDeserialized() => NullItems.Refuse(this.ApprovedBy);
}

internal sealed record GitLabReviewer(GitLabUser User, string State, DateTimeOffset CreatedAt = default);

internal sealed record GitLabStatus(long Id, string Name, string Status, string? Sha = null, string? Description = null, string? TargetUrl = null);

internal sealed record GitLabUpload(string Url, string? FullPath = null, long? Id = null);

internal sealed record GitLabUploadEntry(long Id, string? Filename = null);

internal sealed record GitLabPipeline(long Id, string Ref, string Sha, string? Source = null);

// {"error": "insufficient_scope", "scope": "api"}
internal sealed record GitLabScopeRefusal(string? Error = null, string? Scope = null);

internal sealed record NoteWrite(string Body);

internal sealed record MergeRequestCreation(string SourceBranch, string TargetBranch, string Title, string Description);

internal sealed record MergeRequestChange(string? Title = null, string? Description = null, string? StateEvent = null);

internal sealed record MergeAcceptance(string Sha, bool Squash);

internal sealed record StatusWrite(string State, string Name, string Description, string? TargetUrl, long? PipelineId);

internal sealed record PipelineVariable(string Key, string Value);

internal sealed record PipelineCreation(string Ref, PipelineVariable[] Variables);

internal sealed record PipelineTrigger(string Token, string Ref, Dictionary<string, string> Variables);
