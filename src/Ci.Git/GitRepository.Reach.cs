using System.Globalization;

namespace Ci.Git;

/// <content>Which commits there are.</content>
public sealed partial class GitRepository
{
    /// <summary>The commits that refs point to, tags followed: of all refs below a prefix such as <c>refs/heads</c>.</summary>
    public async Task<IReadOnlyList<string>> TipsAsync(string prefix, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        var result = await this.git.RunAsync(["for-each-ref", "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname)", GitNames.FullRef(prefix)], ct);
        return [.. result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Select(f => f[0] == "commit" ? f[1] : f is [_, _, "commit", var target] ? target : "").Where(id => id.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Every commit that the head, a branch, a remote's branch or a tag reaches, newest first, and not before a time.</summary>
    public async Task<IReadOnlyList<string>> ReachableAsync(DateTimeOffset? since = null, CancellationToken ct = default)
    {
        string[] head = await this.ResolveAsync("HEAD", ct) is null ? [] : ["HEAD"];
        // Without a single commit git has nothing to begin from.
        if (head.Length == 0 && (await this.TipsAsync("refs", ct)).Count == 0)
            return [];
        var result = await this.git.RunAsync(["log", "--format=%H %ct", "--branches", "--remotes", "--tags", .. head, "--"], ct);
        return [.. result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Where(f => since is null || long.Parse(f[1], CultureInfo.InvariantCulture) >= since.Value.ToUnixTimeSeconds()).Select(f => f[0])];
    }

    /// <summary>A commit and those before it along the first parents.</summary>
    public async Task<IReadOnlyList<string>> LastAsync(string revision, int count, CancellationToken ct = default)
    {
        var result = await this.git.RunAsync(["rev-list", "--first-parent", $"--max-count={count.ToString(CultureInfo.InvariantCulture)}", GitNames.Revision(revision), "--"], ct);
        return result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
