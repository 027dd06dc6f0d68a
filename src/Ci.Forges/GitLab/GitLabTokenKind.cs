namespace Ci.Forges.GitLab;

/// <summary>How a token is shown to GitLab: it takes each kind in a header of its own.</summary>
internal enum GitLabTokenKind
{
    None,

    /// <summary>Personal, project and group access tokens: <c>PRIVATE-TOKEN</c>.</summary>
    Access,

    /// <summary>A job's <c>CI_JOB_TOKEN</c>: <c>JOB-TOKEN</c>; it reads merge requests and notes, starts pipelines, and little else.</summary>
    Job,

    /// <summary>OAuth 2.0: <c>Authorization: Bearer</c>.</summary>
    OAuth,
}
