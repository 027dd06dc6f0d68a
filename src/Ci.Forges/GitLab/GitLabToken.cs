using System.Net.Http.Headers;

namespace Ci.Forges.GitLab;

/// <summary>A token and its kind, known by its form. https://docs.gitlab.com/security/tokens/#token-prefixes</summary>
internal sealed record GitLabToken(string? Value)
{
    private const int OAuthLength = 64;

    public GitLabTokenKind Kind => this.Value switch
    {
        null or "" => GitLabTokenKind.None,
        // GitLab 16.8 and newer; the JSON Web Tokens of newer ones bear the prefix too.
        _ when this.Value.StartsWith("glcbt-", StringComparison.Ordinal) => GitLabTokenKind.Job,
        { Length: OAuthLength } when this.Value.All(char.IsAsciiHexDigitLower) => GitLabTokenKind.OAuth,
        _ => GitLabTokenKind.Access,
    };

    public string Advice => this.Kind == GitLabTokenKind.Job
        ? "a job's CI_JOB_TOKEN may only read merge requests and their notes and start pipelines: give a project access token with the scope api in MLOPS_TOKEN"
        : "give a project access token with the scope api in MLOPS_TOKEN";

    public void AddTo(HttpRequestHeaders headers)
    {
        switch (this.Kind)
        {
            case GitLabTokenKind.Access:
                headers.Add("PRIVATE-TOKEN", this.Value);
                break;
            case GitLabTokenKind.Job:
                headers.Add("JOB-TOKEN", this.Value);
                break;
            case GitLabTokenKind.OAuth:
                headers.Authorization = new AuthenticationHeaderValue("Bearer", this.Value);
                break;
        }
    }

    // A record prints all its properties by default; a token must not reach a log that way.
    public override string ToString() => $"a token ({this.Kind})";
}
