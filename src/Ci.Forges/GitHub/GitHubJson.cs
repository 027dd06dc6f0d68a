using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ci.Forges.GitHub;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GitHubUser))]
[JsonSerializable(typeof(GitHubComment))]
[JsonSerializable(typeof(GitHubComment[]))]
[JsonSerializable(typeof(GitHubPull))]
[JsonSerializable(typeof(GitHubPull[]))]
[JsonSerializable(typeof(GitHubReview[]))]
[JsonSerializable(typeof(GitHubCheckRun))]
[JsonSerializable(typeof(GitHubCheckRuns))]
[JsonSerializable(typeof(GitHubStatus))]
[JsonSerializable(typeof(GitHubCombinedStatus))]
[JsonSerializable(typeof(GitHubSha))]
[JsonSerializable(typeof(GitHubRef))]
[JsonSerializable(typeof(GitHubCommit))]
[JsonSerializable(typeof(GitHubTree))]
[JsonSerializable(typeof(BodyRequest))]
[JsonSerializable(typeof(PullRequestCreation))]
[JsonSerializable(typeof(PullRequestChange))]
[JsonSerializable(typeof(MergeRequest))]
[JsonSerializable(typeof(CheckRunWrite))]
[JsonSerializable(typeof(AnnotationsWrite))]
[JsonSerializable(typeof(StatusCreation))]
[JsonSerializable(typeof(DispatchRequest))]
[JsonSerializable(typeof(BlobCreation))]
[JsonSerializable(typeof(TreeCreation))]
[JsonSerializable(typeof(CommitCreation))]
[JsonSerializable(typeof(RefCreation))]
[JsonSerializable(typeof(RefChange))]
[JsonSerializable(typeof(GraphQlRequest))]
[JsonSerializable(typeof(GraphQlViewerAnswer))]
[JsonSerializable(typeof(GraphQlCommentsAnswer))]
internal sealed partial class GitHubJson : JsonSerializerContext;

// GitHub's wire format: only the members that we use; those without a default must be there. https://github.com/github/rest-api-description
internal sealed record GitHubUser(string Login);

internal sealed record GitHubComment(long Id, Uri HtmlUrl, GitHubUser? User = null, string? Body = null);

internal sealed record GitHubRepo(string FullName);

internal sealed record GitHubBranch(string Ref, string Sha, GitHubRepo? Repo = null);

internal sealed record GitHubPull(
    int Number, string Title, string State, Uri HtmlUrl, GitHubBranch Head, GitHubBranch Base, string? Body = null, GitHubUser? User = null,
    string? MergeCommitSha = null, DateTimeOffset? MergedAt = null, bool? Mergeable = null);

internal sealed record GitHubReview(string State, GitHubUser? User = null, string? CommitId = null, DateTimeOffset? SubmittedAt = null);

internal sealed record GitHubOutput(string? Title = null, string? Summary = null, int AnnotationsCount = 0);

internal sealed record GitHubAnnotation(string Path, int StartLine, int EndLine, string AnnotationLevel, string Message, string? Title);

internal sealed record CheckOutputWrite(string Title, string Summary, GitHubAnnotation[]? Annotations = null);

internal sealed record AnnotationsWrite(CheckOutputWrite Output);

internal sealed record GitHubCheckRun(
    long Id, string Name, string HeadSha, string Status, string? Conclusion = null, string? DetailsUrl = null, Uri? HtmlUrl = null, string? ExternalId = null,
    GitHubOutput? Output = null);

internal sealed record GitHubCheckRuns(GitHubCheckRun[] CheckRuns) : IJsonOnDeserialized
{
    public void OnDeserialized() => NullItems.Refuse(this.CheckRuns);
}

internal sealed record GitHubStatus(long Id, string Context, string State, string? Description = null, string? TargetUrl = null);

internal sealed record GitHubCombinedStatus(GitHubStatus[] Statuses) : IJsonOnDeserialized
{
    public void OnDeserialized() => NullItems.Refuse(this.Statuses);
}

internal sealed record GitHubSha(string Sha);

internal sealed record GitHubRef(GitHubSha Object);

internal sealed record GitHubCommit(string Sha, GitHubSha Tree);

internal sealed record GitHubTreeEntry(string Path, string Mode, string Type, string? Sha = null, string? Content = null);

internal sealed record GitHubTree(string Sha, GitHubTreeEntry[] Tree, bool Truncated = false) : IJsonOnDeserialized
{
    public void OnDeserialized() => NullItems.Refuse(this.Tree);
}

internal sealed record BodyRequest(string Body);

internal sealed record PullRequestCreation(string Title, string Body, string Head, string Base);

internal sealed record PullRequestChange(string? Title = null, string? Body = null, string? State = null);

internal sealed record MergeRequest(string Sha, string MergeMethod);

internal sealed record CheckRunWrite(
    string Name, string? HeadSha, string Status, string? Conclusion, string? DetailsUrl, string ExternalId, CheckOutputWrite Output);

internal sealed record StatusCreation(string State, string Context, string Description, string? TargetUrl);

internal sealed record DispatchRequest(string EventType, JsonObject ClientPayload);

internal sealed record BlobCreation(string Content, string Encoding);

internal sealed record TreeCreation(string? BaseTree, GitHubTreeEntry[] Tree);

internal sealed record CommitCreation(string Message, string Tree, string[] Parents);

internal sealed record RefCreation(string Ref, string Sha);

internal sealed record RefChange(string Sha, bool Force);
