using System.Security.Cryptography;
using System.Text;
using Ci.Data;
using Ci.Git;

namespace Ci.Pipelines.Upstream;

/// <summary>
/// Bare copies of other repositories, one folder each, with single revisions and no history unless a revision needs it; used again by
/// the next command, and only so many of them.
/// </summary>
internal sealed class UpstreamClones(string folder, GitOptions options)
{
    private const int Most = 8;

    /// <summary>Brings a revision here.</summary>
    /// <returns>The bare repository and the commit's id.</returns>
    public async Task<(string Folder, string Commit)> FetchAsync(string url, string? revision, CancellationToken ct)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))[..24];
        var home = Path.Combine(folder, name);
        // Two commands may ask for the same repository at the same time.
        using var held = await new FileLocks(Path.Combine(folder, "locks")).TakeAsync(name, _ => { }, ct);
        var git = await GitRepository.InitAsync(home, bare: true, o: options, ct: ct);
        Directory.SetLastWriteTimeUtc(home, (options.Time ?? TimeProvider.System).GetUtcNow().UtcDateTime);
        this.RemoveOldest(home);
        var wanted = revision ?? "HEAD";
        if (wanted.Length is 40 or 64 && wanted.All(char.IsAsciiHexDigit) && await git.ResolveAsync(wanted, ct) is { } known)
            return (home, known);
        var reference = $"refs/mlops/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..24]}";
        if (await git.FetchOneAsync(url, wanted, reference, ct))
            return (home, await git.ResolveAsync(reference, ct) ?? throw Unknown(url, wanted));
        if (revision is null)
            throw new PipelineException($"the repository {url} has no commits yet");
        await git.FetchEverythingAsync(url, ct);
        return (home, await git.ResolveAsync(revision, ct) ?? throw Unknown(url, revision));
    }

    private static PipelineException Unknown(string url, string revision) => new($"the repository {url} has no revision `{revision}`; `git ls-remote {url}` lists its branches and tags");

    private void RemoveOldest(string current)
    {
        var all = new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.Name != "locks" && d.FullName != current).OrderByDescending(d => d.LastWriteTimeUtc);
        foreach (var old in all.Skip(Most - 1))
        {
            // Nobody may be reading it just now.
            using var held = new FileLocks(Path.Combine(folder, "locks")).TryTake(old.Name);
            if (held is not null)
                old.Delete(recursive: true);
        }
    }
}
