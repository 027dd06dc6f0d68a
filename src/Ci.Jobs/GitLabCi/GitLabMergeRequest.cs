using System.Globalization;

namespace Ci.Jobs.GitLabCi;

/// <summary>The merge request that a job runs for, as GitLab's variables tell it.</summary>
internal static class GitLabMergeRequest
{
    public static JobPullRequest? Find(JobEnvironment world)
    {
        var number = world.Number("CI_MERGE_REQUEST_IID");
        if (number is < 1 or > int.MaxValue)
            return OfBranch(world);
        // Set in merged-results pipelines, where CI_COMMIT_SHA is GitLab's test merge.
        var head = world.Text("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") ?? world.Text("CI_COMMIT_SHA");
        return new JobPullRequest((int)number, head, world.Text("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"), IsFork(world))
        {
            HeadRepository = world.Text("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH"),
        };
    }

    // What is not told is not trusted: a fork that was deleted leaves its variables empty.
    private static bool IsFork(JobEnvironment world)
    {
        if (world.Text("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH") is { } path)
            return path != (world.Text("CI_MERGE_REQUEST_PROJECT_PATH") ?? world.Text("CI_PROJECT_PATH"));
        return world.Text("CI_MERGE_REQUEST_SOURCE_PROJECT_ID") is not { } source
            || source != (world.Text("CI_MERGE_REQUEST_PROJECT_ID") ?? world.Text("CI_PROJECT_ID"));
    }

    // A branch's pipeline knows the merge requests that the branch is open in: "group/project!33,group/project!34".
    private static JobPullRequest? OfBranch(JobEnvironment world)
    {
        var open = (world.Text("CI_OPEN_MERGE_REQUESTS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return open is [var only] && only.Split('!') is [var project, var number] && project == world.Text("CI_PROJECT_PATH")
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed > 0
            ? new JobPullRequest(parsed, world.Text("CI_COMMIT_SHA"), null, IsFork: false) { HeadRepository = project }
            : null;
    }
}
