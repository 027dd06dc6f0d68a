using Ci.Jobs.GitHubActions;
using Ci.Jobs.GitLabCi;
using Ci.Jobs.Local;

namespace Ci.Jobs;

/// <summary>Finds out inside which CI job we run.</summary>
public static class JobDetector
{
    // One explicit line a provider; the last one takes what no other claims.
    private static readonly (string Name, Func<JobEnvironment, bool> Matches, Func<JobEnvironment, IJob> Make)[] Providers =
    [
        ("github-actions", GitHubActionsJob.Matches, static e => new GitHubActionsJob(e)),
        ("gitlab-ci", GitLabCiJob.Matches, static e => new GitLabCiJob(e)),
    ];

    /// <summary>Detects the job.</summary>
    /// <param name="environment">The process environment.</param>
    /// <param name="readFile">The text of a file, null where it does not exist; used for event files.</param>
    /// <param name="log">Where annotations go that a job reads from its log; by default they are dropped.</param>
    /// <exception cref="JobException">Two jobs claim the environment, or its event file is malformed.</exception>
    public static IJob Detect(IReadOnlyDictionary<string, string> environment, Func<string, string?> readFile, TextWriter? log = null)
    {
        var world = new JobEnvironment(environment, readFile, log ?? TextWriter.Null);
        var matching = Array.FindAll(Providers, provider => provider.Matches(world));
        return matching.Length switch
        {
            0 => new LocalJob(world),
            1 => matching[0].Make(world),
            _ => throw new JobException(
                $"the environment looks like {string.Join(" and ", matching.Select(m => m.Name))} at once; " +
                "unset the variables of the one that this is not (GITHUB_ACTIONS and GITHUB_REPOSITORY, or GITLAB_CI)"),
        };
    }
}
