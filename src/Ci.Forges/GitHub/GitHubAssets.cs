using System.Security.Cryptography;
using Ci.Forges.Http;

namespace Ci.Forges.GitHub;

/// <summary>
/// Files on hidden refs, <c>refs/mlops/assets/SCOPE</c>, which clones do not fetch, written by the Git data API and read by raw
/// addresses that name a commit: they work in private repositories for whoever may read those (docs/adr/0016-pictures.md).
/// </summary>
internal sealed class GitHubAssets(GitHubApi api) : IAssets
{
    private const int Tries = 6;

    private readonly GitHubAssetWriter writer = new(api);

    public async Task<IReadOnlyDictionary<string, Uri>> PublishAsync(string scope, IReadOnlyList<Asset> assets, CancellationToken ct = default)
    {
        var reference = RefOf(scope);
        var paths = assets.ToDictionary(a => a.Name, PathOf, StringComparer.Ordinal);
        for (var attempt = 1; ; attempt++)
        {
            var (commit, tree, present) = await this.LookAsync(reference, ct);
            var wanted = assets.Where(a => !present.Contains(paths[a.Name])).DistinctBy(a => paths[a.Name]).Select(a => (paths[a.Name], a)).ToList();
            var missing = GitHubAssetWriter.WithinLimits(wanted);
            var published = missing.Count == 0 ? commit : await this.writer.AppendAsync(reference, commit, tree, missing, ct);
            if (published is not null)
            {
                present.UnionWith(missing.Select(m => m.Path));
                return paths.Where(p => present.Contains(p.Value))
                    .ToDictionary(p => p.Key, p => new Uri($"{api.ServerUrl}/{api.Slug}/raw/{published}/{p.Value}"), StringComparer.Ordinal);
            }

            if (assets.Count == 0)
                return new Dictionary<string, Uri>(StringComparer.Ordinal);
            if (attempt == Tries)
                throw new ForgeUnavailableException($"{api.Description}: cannot publish files: other jobs moved refs/{reference} {Tries} times meanwhile; try again");
        }
    }

    public async Task<int> PruneAsync(string scope, CancellationToken ct = default)
    {
        var reference = RefOf(scope);
        var request = new ForgeRequest(HttpMethod.Delete, $"{api.Root}/git/refs/{reference}", $"delete refs/{reference}") { Needs = GitHubAssetWriter.Needs };
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
}
