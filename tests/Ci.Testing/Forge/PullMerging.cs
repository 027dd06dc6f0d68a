using System.Globalization;

namespace Ci.Testing.Forge;

/// <summary>What Git says about a pull request, and merging it for real.</summary>
internal static class PullMerging
{
    /// <summary>Follows the branches: heads move, vanished heads close, heads that reached the base by other ways count as merged.</summary>
    public static void Refresh(SimulatedRepository repository, SimulatedPull pull, DateTimeOffset now, bool mergeabilityLate)
    {
        if (!pull.IsOpen)
            return;
        var head = repository.Branch(pull.Head);
        var @base = repository.Branch(pull.Base);
        if (head is null || @base is null)
        {
            (pull.IsOpen, pull.UpdatedAt) = (false, now);
            return;
        }

        if (head == pull.HeadSha && @base == pull.BaseSha && pull.Mergeable is not null)
            return;
        var moved = head != pull.HeadSha || @base != pull.BaseSha;
        if (head != pull.HeadSha)
        {
            repository.Git("update-ref", $"refs/pull/{pull.Number}/head", head);
            pull.Versions.Add((head, now));
        }

        (pull.HeadSha, pull.BaseSha) = (head, @base);
        if (repository.IsAncestor(head, @base))
        {
            (pull.IsOpen, pull.MergedAt, pull.MergeCommitSha, pull.UpdatedAt) = (false, now, @base, now);
            return;
        }

        if (moved && mergeabilityLate)
        {
            (pull.Mergeable, pull.MergeCommitSha) = (null, null);
            return;
        }

        var tree = MergedTree(repository, @base, head);
        pull.Mergeable = tree is not null;
        pull.MergeCommitSha = tree is null ? null : Commit(repository, tree, [@base, head], $"Merge {head} into {@base}", pull.Author, pull.CreatedAt);
        if (pull.MergeCommitSha is { } test)
            repository.Git("update-ref", $"refs/pull/{pull.Number}/merge", test);
    }

    /// <summary>Makes the commit that a merge makes, without moving a branch; null where it conflicts.</summary>
    public static string? Make(SimulatedRepository repository, SimulatedPull pull, string method, string title, string message, string login, DateTimeOffset now)
    {
        if (method == "rebase")
            return Rebase(repository, pull, login, now);
        if (MergedTree(repository, pull.BaseSha, pull.HeadSha) is not { } tree)
            return null;
        string[] parents = method == "merge" ? [pull.BaseSha, pull.HeadSha] : [pull.BaseSha];
        return Commit(repository, tree, parents, message.Length == 0 ? title : $"{title}\n\n{message}", login, now);
    }

    private static string? MergedTree(SimulatedRepository repository, string ours, string theirs)
    {
        var outcome = GitProcess.Try(repository.Path, null, null, "merge-tree", "--write-tree", "--allow-unrelated-histories", ours, theirs);
        return outcome.ExitCode switch
        {
            0 => outcome.Text.Split('\n')[0],
            1 => null,
            _ => throw new InvalidOperationException($"git merge-tree: {outcome.Error}"),
        };
    }

    private static string Commit(
        SimulatedRepository repository, string tree, string[] parents, string message, string login, DateTimeOffset at)
    {
        string[] arguments = ["commit-tree", tree, .. parents.SelectMany(p => new[] { "-p", p }), "-F", "-"];
        var outcome = GitProcess.Try(repository.Path, System.Text.Encoding.UTF8.GetBytes(message), Signature(login, at), arguments);
        return outcome.ExitCode == 0 ? outcome.Text : throw new InvalidOperationException($"git commit-tree: {outcome.Error}");
    }

    // Rebasing needs a work tree: a temporary one beside the bare repository.
    private static string? Rebase(SimulatedRepository repository, SimulatedPull pull, string login, DateTimeOffset now)
    {
        var folder = Path.Combine(repository.Path, $"rebase-{pull.Number}");
        repository.Git("worktree", "add", "--quiet", "--detach", folder, pull.HeadSha);
        try
        {
            var outcome = GitProcess.Try(folder, null, Signature(login, now), "rebase", "--quiet", "--force-rebase", pull.BaseSha);
            return outcome.ExitCode == 0 ? GitProcess.Run(folder, "rev-parse", "HEAD") : null;
        }
        finally
        {
            repository.Git("worktree", "remove", "--force", folder);
        }
    }

    private static Dictionary<string, string> Signature(string login, DateTimeOffset at)
    {
        var date = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + " +0000";
        return new()
        {
            ["GIT_AUTHOR_NAME"] = login,
            ["GIT_AUTHOR_EMAIL"] = $"{login}@users.noreply.forge.test",
            ["GIT_AUTHOR_DATE"] = date,
            ["GIT_COMMITTER_NAME"] = "GitHub",
            ["GIT_COMMITTER_EMAIL"] = "noreply@forge.test",
            ["GIT_COMMITTER_DATE"] = date,
        };
    }
}
