namespace Ci.Jobs;

/// <summary>The run whose end started this job (GitHub: <c>workflow_run</c>), as the forge's own event tells it.</summary>
/// <param name="RunId">The other run.</param>
/// <param name="HeadSha">The commit that it ran for.</param>
/// <param name="HeadBranch">The branch's short name; whoever opened the pull request chose it.</param>
/// <param name="HeadRepository">"owner/name" of where the commit lies; null where that repository is deleted.</param>
/// <param name="Event">What had started it: "pull_request" or another.</param>
/// <param name="IsFork">The commit lies in another repository: nothing that the run made is trusted.</param>
/// <param name="Url">The other run's page.</param>
public sealed record JobTrigger(long RunId, string HeadSha, string? HeadBranch, string? HeadRepository, string Event, bool IsFork, Uri? Url);
