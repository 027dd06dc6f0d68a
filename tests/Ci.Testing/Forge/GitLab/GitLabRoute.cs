namespace Ci.Testing.Forge;

/// <summary>One address of GitLab's API.</summary>
/// <param name="Method">E.g. "GET".</param>
/// <param name="Pattern">Below /api/v4.</param>
/// <param name="Parameters">What it takes in query or body, separated by spaces; anything else is refused, though GitLab would ignore it.</param>
/// <param name="Role">The least role in the project; None: whoever may see it.</param>
/// <param name="ForJobs">Whether a job token may. https://docs.gitlab.com/ci/jobs/ci_job_token/#job-token-access</param>
/// <param name="Answer">The answer.</param>
internal sealed record GitLabRoute(string Method, string Pattern, string Parameters, GitLabRole Role, bool ForJobs, Func<GitLabCall, ApiAnswer> Answer);
