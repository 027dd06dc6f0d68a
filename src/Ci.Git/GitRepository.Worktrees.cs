namespace Ci.Git;

/// <content>Further work trees of the same repository.</content>
public sealed partial class GitRepository
{
    // A hook that runs after a checkout (DVC installs one) is meant for the folder that people work in.
    private static readonly Dictionary<string, string> WithoutHooks = new(StringComparer.Ordinal)
    {
        ["GIT_CONFIG_COUNT"] = "1",
        ["GIT_CONFIG_KEY_0"] = "core.hooksPath",
        ["GIT_CONFIG_VALUE_0"] = "/dev/null",
    };

    /// <summary>Makes a work tree with a detached head. The folder must not exist.</summary>
    public async Task<GitRepository> AddWorktreeAsync(string path, string revision, CancellationToken ct = default)
    {
        await this.git.RunAsync(["worktree", "add", "--quiet", "--detach", "--force", "--", path, GitNames.Revision(revision)], ct, environment: WithoutHooks);
        return new GitRepository(path, false, this.git.Options);
    }

    /// <summary>Removes a work tree with all that is in it; one that is gone already is forgotten.</summary>
    public async Task RemoveWorktreeAsync(string path, CancellationToken ct = default)
    {
        // Data may lie there read-only, or be made by a child that is just ending: the folder goes first, by our own hands.
        for (var attempt = 0; Directory.Exists(path); attempt++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (IOException) when (attempt < 5)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
            }
        }

        await this.git.RunAsync(["worktree", "prune"], ct);
    }
}
