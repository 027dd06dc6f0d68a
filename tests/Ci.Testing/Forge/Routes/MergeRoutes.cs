using System.Text.Json.Nodes;

namespace Ci.Testing.Forge;

/// <summary>Merging for real, under the base branch's rules.</summary>
internal static class MergeRoutes
{
    public static ApiAnswer Merge(ApiCall call)
    {
        call.Need(Access.Write, Area.Contents);
        var (repository, pull) = (call.Repository, call.Pull());
        var method = call.OptionalText("merge_method") ?? "merge";
        if (method is not ("merge" or "squash" or "rebase"))
            throw ApiProblem.Invalid("PullRequest", "merge_method", "merge_method must be merge, squash or rebase", "invalid");
        if (!pull.IsOpen || pull.IsDraft)
            throw new ApiProblem(405, "Pull Request is not mergeable");
        if (call.OptionalText("sha") is { } expected && expected != pull.HeadSha)
            throw new ApiProblem(409, "Head branch was modified. Review and try the merge again.");
        Obey(repository, pull);

        var title = call.OptionalText("commit_title")
            ?? (method == "squash" ? $"{pull.Title} (#{pull.Number})" : $"Merge pull request #{pull.Number} from {repository.Owner}/{pull.Head}");
        var message = call.OptionalText("commit_message") ?? (method == "merge" ? pull.Title : "");
        var made = PullMerging.Make(repository, pull, method, title, message, call.Login, call.Now)
            ?? throw new ApiProblem(405, "Pull Request is not mergeable");
        var moved = GitProcess.Try(repository.Path, null, null, "update-ref", $"refs/heads/{pull.Base}", made, pull.BaseSha);
        if (moved.ExitCode != 0)
            throw new ApiProblem(405, "Base branch was modified. Review and try the merge again.");
        (pull.IsOpen, pull.MergedAt, pull.MergedBy, pull.MergeCommitSha, pull.UpdatedAt) = (false, call.Now, call.Login, made, call.Now);
        return new JsonObject { ["sha"] = made, ["merged"] = true, ["message"] = "Pull Request successfully merged" };
    }

    private static void Obey(SimulatedRepository repository, SimulatedPull pull)
    {
        if (!repository.Protections.TryGetValue(pull.Base, out var rules))
            return;
        foreach (var name in rules.RequiredChecks)
        {
            // The latest of a name decides, as on GitHub.
            var latest = repository.CheckList.FindLast(c => c.HeadSha == pull.HeadSha && c.Name == name);
            if (latest is null)
                throw new ApiProblem(405, $"Required status check \"{name}\" is expected.");
            if (!latest.Passes)
                throw new ApiProblem(405, $"Required status check \"{name}\" is {(latest.Status == "completed" ? "failing" : "in progress")}.");
        }

        var approvals = pull.Reviews
            .Where(r => r.State is "APPROVED" or "CHANGES_REQUESTED" && r.Author != pull.Author)
            .GroupBy(r => r.Author).Select(g => g.Last()).ToList();
        if (approvals.Exists(r => r.State == "CHANGES_REQUESTED"))
            throw new ApiProblem(405, "Changes have been requested on this pull request.");
        if (approvals.Count < rules.RequiredApprovals)
            throw new ApiProblem(405, $"At least {rules.RequiredApprovals} approving review is required by reviewers with write access.");
    }
}
