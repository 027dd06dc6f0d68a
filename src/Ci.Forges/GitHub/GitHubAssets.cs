using System.Security.Cryptography;
using System.Text;
using Ci.Forges.Http;

namespace Ci.Forges.GitHub;

/// <summary>
/// Files on a hidden ref, <c>refs/mlops/assets</c>, which clones do not fetch, written by the Git data API and read by raw addresses
/// that name a commit: they work in private repositories for whoever may read those.
/// </summary>
internal sealed class GitHubAssets(GitHubApi api) : IAssets
{
    private const string Needs = "contents: write";
    private const int InlineLimit = 4 * 1024 * 1024;
    private const int Tries = 6;

    public async Task<IReadOnlyDictionary<string, Uri>> PublishAsync(string scope, IReadOnlyList<Asset> assets, CancellationToken ct = default)
    {
        var reference = RefOf(scope);
        var paths = assets.ToDictionary(a => a.Name, PathOf, StringComparer.Ordinal);
        for (var attempt = 1; ; attempt++)
        {
            var (commit, tree, present) = await this.LookAsync(reference, ct);
            var missing = assets.Where(a => !present.Contains(paths[a.Name])).DistinctBy(a => paths[a.Name]).ToList();
            var published = missing.Count == 0 && commit is not null ? commit : await this.AppendAsync(reference, commit, tree, missing, paths, ct);
            if (published is not null)
                return paths.ToDictionary(p => p.Key, p => new Uri($"{api.ServerUrl}/{api.Slug}/raw/{published}/{p.Value}"), StringComparer.Ordinal);
            if (attempt == Tries)
                throw new ForgeUnavailableException($"{api.Description}: cannot publish files: other jobs moved refs/{reference} {Tries} times meanwhile; try again");
        }
    }

    public async Task<int> PruneAsync(string scope, CancellationToken ct = default)
    {
        var reference = RefOf(scope);
        var request = new ForgeRequest(HttpMethod.Delete, $"{api.Root}/git/refs/{reference}", $"delete refs/{reference}") { Needs = Needs };
        var answer = await api.TryAsync(request, ct);
        // 422 (on Enterprise Server 404): there is no such ref.
        return answer.IsSuccess ? 1 : answer.Status is 404 or 422 ? 0 : throw api.Problem(request, answer);
    }

    private static string RefOf(string scope) => $"mlops/assets/{AssetScope.Check(scope)}";

    private static string PathOf(Asset asset)
    {
        var hex = Convert.ToHexStringLower(SHA256.HashData(asset.Content.Span));
        var extension = Path.GetExtension(asset.Name).ToLowerInvariant();
        var safe = extension.Length is > 1 and <= 9 && extension.Skip(1).All(char.IsAsciiLetterOrDigit);
        return $"{hex[..2]}/{hex}{(safe ? extension : ".bin")}";
    }

    private async Task<(string? Commit, string? Tree, HashSet<string> Present)> LookAsync(string reference, CancellationToken ct)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        if (await api.FindAsync($"{api.Root}/git/ref/{reference}", GitHubJson.Default.GitHubRef, "find published files", ct) is not { } found)
            return (null, null, present);
        var commit = await api.GetAsync($"{api.Root}/git/commits/{found.Object.Sha}", GitHubJson.Default.GitHubCommit, "find published files", ct);
        var tree = await api.GetAsync($"{api.Root}/git/trees/{commit.Tree.Sha}?recursive=1", GitHubJson.Default.GitHubTree, "list published files", ct);
        // A truncated list only means that some files are written again, to the same content.
        present.UnionWith(tree.Tree.Where(e => e.Type == "blob").Select(e => e.Path));
        return (commit.Sha, commit.Tree.Sha, present);
    }

    // Null where somebody else moved the ref first.
    private async Task<string?> AppendAsync(
        string reference, string? parent, string? baseTree, List<Asset> missing, Dictionary<string, string> paths, CancellationToken ct)
    {
        var entries = new List<GitHubTreeEntry>(missing.Count);
        var inline = 0;
        foreach (var asset in missing)
        {
            // Text travels within the tree, which saves a call a figure; the rest as blobs. Both name content by hash: repeating is harmless.
            inline += asset.Content.Length;
            var text = inline <= InlineLimit ? AsText(asset.Content.Span) : null;
            var sha = text is null ? await this.BlobAsync(asset, ct) : null;
            entries.Add(new GitHubTreeEntry(paths[asset.Name], "100644", "blob", sha, text));
        }

        var tree = await api.WriteAsync(
            new ForgeRequest(HttpMethod.Post, $"{api.Root}/git/trees", "publish files") { Needs = Needs },
            new TreeCreation(baseTree, [.. entries]), GitHubJson.Default.TreeCreation, GitHubJson.Default.GitHubSha, ct);
        var commit = await api.WriteAsync(
            new ForgeRequest(HttpMethod.Post, $"{api.Root}/git/commits", "publish files") { Needs = Needs },
            new CommitCreation("Publish figures of reports", tree.Sha, parent is null ? [] : [parent]), GitHubJson.Default.CommitCreation,
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

    private async Task<string> BlobAsync(Asset asset, CancellationToken ct)
    {
        var blob = await api.WriteAsync(
            new ForgeRequest(HttpMethod.Post, $"{api.Root}/git/blobs", $"publish {asset.Name}") { Needs = Needs },
            new BlobCreation(Convert.ToBase64String(asset.Content.Span), "base64"), GitHubJson.Default.BlobCreation, GitHubJson.Default.GitHubSha, ct);
        return blob.Sha;
    }

    private static string? AsText(ReadOnlySpan<byte> bytes)
    {
        // A byte order mark or a NUL would not survive being a JSON string in everyone's hands.
        if (bytes.Contains((byte)0) || bytes.StartsWith("\uFEFF"u8))
            return null;
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
