namespace Ci.Jobs;

/// <summary>The CI job we run inside: facts that it gives, and the three ways to answer it.</summary>
public interface IJob
{
    /// <summary>"github-actions", "gitlab-ci" or "local".</summary>
    string Name { get; }

    /// <summary>The forge's vendor as the forge clients name it ("github", "gitlab"); null for a laptop.</summary>
    string? Vendor { get; }

    /// <summary>"owner/name" (GitLab: the project's full path); null where unknown.</summary>
    string? Repository { get; }

    /// <summary>
    /// The commit that the author pushed: for a pull request its head, not the merge commit that the forge tests. Null where unknown.
    /// </summary>
    string? CommitSha { get; }

    /// <summary>The short name of the branch; null for a tag or where unknown.</summary>
    string? Branch { get; }

    JobPullRequest? PullRequest { get; }

    /// <summary>What started the job, in the vendor's word ("pull_request", "workflow_run"); null where unknown.</summary>
    string? Event => null;

    /// <summary>The other run whose end started this one; null where none did. Of all that a job knows of a fork, this is what the forge vouches for.</summary>
    JobTrigger? Trigger => null;

    /// <summary>What about the job's own set-up people should know: an event that hands secrets to strangers' code. One sentence each.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Bytes that the summary page still takes; 0 where the job has none.</summary>
    long SummaryRoom => 0;

    /// <summary>The page of this run.</summary>
    Uri? RunUrl { get; }

    /// <summary>Rises from run to run of the repository; 0 where unknown.</summary>
    long RunId { get; }

    /// <summary>From 1.</summary>
    int RunAttempt { get; }

    /// <summary>The root of the forge's API; null where unknown.</summary>
    Uri? ApiUrl { get; }

    /// <summary>Where people look; null where unknown.</summary>
    Uri? ServerUrl { get; }

    /// <summary>The token that the job gives; null where none is.</summary>
    string? Token { get; }

    /// <summary>Who started the run, as the forge names them; null where unknown.</summary>
    string? Actor { get; }

    /// <summary>Hands a value to later steps. Names: letters, digits, '_' and '-'. False where the job has no place for it.</summary>
    bool SetOutput(string name, string value);

    /// <summary>Appends Markdown to the run's summary page. False where the job has none, or its limit (1 MiB on GitHub) is reached.</summary>
    bool AppendSummary(string markdown);

    /// <summary>Notes something on a file's line, as the job shows it; untrusted text is escaped.</summary>
    void Annotate(AnnotationLevel level, string? file, int? line, string title, string message);
}
