namespace Ci.Git;

/// <content>What there is to name: branches, tags, all commits.</content>
public sealed partial class GitRepository
{
    /// <summary>Short names and the commits that they lead to, by name.</summary>
    /// <param name="prefix"><c>refs/heads</c> or <c>refs/tags</c>.</param>
    /// <param name="ct">Ends git.</param>
    public async Task<IReadOnlyList<(string Name, string Commit)>> ReferencesAsync(string prefix, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        var result = await this.git.RunAsync(["for-each-ref", "--format=%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00", prefix], ct);
        var fields = result.Text.Split('\0');
        return [.. fields.Take(fields.Length - 1).Chunk(5).Where(f => f[1] == "commit" || f[3] == "commit")
            .Select(f => (f[0].TrimStart('\n')[(prefix.Length + 1)..], f[1] == "commit" ? f[2] : f[4]))];
    }

    /// <summary>Every commit that a branch or tag leads to, newest first.</summary>
    public async Task<IReadOnlyList<string>> AllCommitsAsync(CancellationToken ct = default)
    {
        var result = await this.git.RunAsync(["rev-list", "--branches", "--tags", "--date-order"], ct);
        return result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
