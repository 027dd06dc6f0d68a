using System.Text;
using Ci.Forges.Http;

namespace Ci.Forges.GitHub;

/// <summary>Writes files into a commit on a hidden ref with few calls: text travels within trees, the rest as blobs, a few at a time.</summary>
internal sealed class GitHubAssetWriter(GitHubApi api)
{
    public const string Needs = "contents: write";

    // GitHub answers a tree of this size in seconds; more goes into the next tree, on top of this one.
    private const int TreeBytes = 4 * 1024 * 1024;

    // At most 80 requests that make content are allowed a minute; trees, commit, ref and comment need their share.
    // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
    private const int MostBlobs = 60;
    private const int MostTrees = 10;
    private const int AtOnce = 8;

    /// <summary>What one call may publish; the rest is left out, and the caller shows it another way.</summary>
    public static List<(string Path, Asset Asset)> WithinLimits(IEnumerable<(string Path, Asset Asset)> wanted)
    {
        var kept = new List<(string Path, Asset Asset)>();
        var (blobs, textBytes) = (0, 0L);
        foreach (var item in wanted)
        {
            var isText = IsText(item.Asset.Content.Span);
            if (isText ? textBytes + item.Asset.Content.Length > (long)MostTrees * TreeBytes : blobs == MostBlobs)
                continue;
            (blobs, textBytes) = isText ? (blobs, textBytes + item.Asset.Content.Length) : (blobs + 1, textBytes);
            kept.Add(item);
        }

        return kept;
    }

    /// <summary>The commit with the files; null where somebody else moved the ref first.</summary>
    public async Task<string?> AppendAsync(string reference, string? parent, string? baseTree, List<(string Path, Asset Asset)> files, CancellationToken ct)
    {
        var tree = baseTree;
        foreach (var entries in await this.TreesAsync(files, ct))
        {
            var made = await api.WriteAsync(
                new ForgeRequest(HttpMethod.Post, $"{api.Root}/git/trees", "publish files") { Needs = Needs },
                new TreeCreation(tree, entries), GitHubJson.Default.TreeCreation, GitHubJson.Default.GitHubSha, ct);
            tree = made.Sha;
        }

        var commit = await api.WriteAsync(
            new ForgeRequest(HttpMethod.Post, $"{api.Root}/git/commits", "publish files") { Needs = Needs },
            new CommitCreation("Publish figures of reports", tree!, parent is null ? [] : [parent]), GitHubJson.Default.CommitCreation,
            GitHubJson.Default.GitHubSha, ct);
        return await this.MoveAsync(reference, parent, commit.Sha, ct) ? commit.Sha : null;
    }

    private async Task<bool> MoveAsync(string reference, string? parent, string commit, CancellationToken ct)
    {
        var create = new ForgeRequest(HttpMethod.Post, $"{api.Root}/git/refs", $"create refs/{reference}") { Needs = Needs };
        var move = new ForgeRequest(HttpMethod.Patch, $"{api.Root}/git/refs/{reference}", $"move refs/{reference}") { Needs = Needs };
        var answer = parent is null
            ? await api.TryAsync(create, new RefCreation($"refs/{reference}", commit), GitHubJson.Default.RefCreation, ct)
            : await api.TryAsync(move, new RefChange(commit, Force: false), GitHubJson.Default.RefChange, ct);
        // 422: it exists already, or this is no fast forward: look again.
        return answer.IsSuccess || (answer.Status == 422 ? false : throw api.Problem(parent is null ? create : move, answer));
    }

    // The entries of one tree after another, each small enough. Content is named by hash: repeating any of it is harmless.
    private async Task<List<GitHubTreeEntry[]>> TreesAsync(List<(string Path, Asset Asset)> files, CancellationToken ct)
    {
        var entries = new GitHubTreeEntry[files.Count];
        await Parallel.ForAsync(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (i, token) =>
        {
            var (path, asset) = files[i];
            var text = IsText(asset.Content.Span) ? Encoding.UTF8.GetString(asset.Content.Span) : null;
            var sha = text is null ? await this.BlobAsync(asset, token) : null;
            entries[i] = new GitHubTreeEntry(path, "100644", "blob", sha, text);
        });
        var trees = new List<GitHubTreeEntry[]>();
        var (start, bytes) = (0, 0);
        for (var i = 0; i < entries.Length; i++)
        {
            var size = entries[i].Content?.Length ?? 0;
            if (bytes + size > TreeBytes && i > start)
            {
                trees.Add(entries[start..i]);
                (start, bytes) = (i, 0);
            }

            bytes += size;
        }

        trees.Add(entries[start..]);
        return trees;
    }

    private async Task<string> BlobAsync(Asset asset, CancellationToken ct)
    {
        var blob = await api.WriteAsync(
            new ForgeRequest(HttpMethod.Post, $"{api.Root}/git/blobs", $"publish {asset.Name}") { Needs = Needs },
            new BlobCreation(Convert.ToBase64String(asset.Content.Span), "base64"), GitHubJson.Default.BlobCreation, GitHubJson.Default.GitHubSha, ct);
        return blob.Sha;
    }

    // A byte order mark or a NUL would not survive being a JSON string in everyone's hands.
    private static bool IsText(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= TreeBytes && !bytes.Contains((byte)0) && !bytes.StartsWith("\uFEFF"u8) && System.Text.Unicode.Utf8.IsValid(bytes);
}
