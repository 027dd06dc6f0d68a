using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ci.Forges.Http;

namespace Ci.Forges.GitLab;

/// <summary>
/// Uploads of the project: they work in private projects for whoever may read those. An upload's name says its scope and content
/// (<c>mlops-pull-12-SHA256.svg</c>), so the list of uploads is the registry of what there is to prune. Its address holds a secret that no
/// list tells: what was published before is found in the merge request's own notes, and taken only if its bytes are the right ones.
/// </summary>
internal sealed partial class GitLabAssets(GitLabApi api) : IAssets
{
    private const string NeedsUpload = "the scope api and the role Guest";
    private const string NeedsPrune = "the scope api and the role Maintainer";

    public async Task<IReadOnlyDictionary<string, Uri>> PublishAsync(string scope, IReadOnlyList<Asset> assets, CancellationToken ct = default)
    {
        var names = assets.ToDictionary(a => a.Name, a => NameOf(scope, a), StringComparer.Ordinal);
        var found = await this.FindAsync(scope, ct);
        var addresses = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var asset in assets)
        {
            if (addresses.ContainsKey(names[asset.Name]))
                continue;
            var secrets = found.GetValueOrDefault(names[asset.Name]) ?? [];
            addresses[names[asset.Name]] = await this.VerifiedAsync(asset, names[asset.Name], secrets, ct) ?? await this.UploadAsync(asset, names[asset.Name], ct);
        }

        return names.ToDictionary(n => n.Key, n => addresses[n.Value], StringComparer.Ordinal);
    }

    public async Task<int> PruneAsync(string scope, CancellationToken ct = default)
    {
        var uploads = await api.ListAsync($"{api.Root}/uploads", GitLabJson.Default.GitLabUploadEntryArray, $"list what was published for {scope}", ct, NeedsPrune);
        var start = StartOf(scope);
        var removed = 0;
        foreach (var upload in uploads.Where(u => u.Filename is { } name && name.StartsWith(start, StringComparison.Ordinal) && Rest().IsMatch(name[start.Length..])))
        {
            var request = new ForgeRequest(HttpMethod.Delete, $"{api.Root}/uploads/{upload.Id}", $"remove {upload.Filename}") { Needs = NeedsPrune };
            var answer = await api.TryAsync(request, ct);
            if (!answer.IsSuccess && answer.Status != 404)
                throw api.Problem(request, answer);
            removed += answer.IsSuccess ? 1 : 0;
        }

        return removed;
    }

    // GitLab replaces what is no letter, digit, '.', '-' or '_': the scope is written so from the start.
    private static string StartOf(string scope) => $"mlops-{string.Concat(AssetScope.Check(scope).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))}-";

    private static string NameOf(string scope, Asset asset)
    {
        var extension = System.IO.Path.GetExtension(asset.Name).ToLowerInvariant();
        var safe = extension.Length is > 1 and <= 9 && extension.Skip(1).All(char.IsAsciiLetterOrDigit);
        return $"{StartOf(scope)}{Convert.ToHexStringLower(SHA256.HashData(asset.Content.Span))}{(safe ? extension : ".bin")}";
    }

    // By name, the secrets under which notes speak of it. Anybody may write such an address: nothing is taken from here unread.
    private async Task<Dictionary<string, HashSet<string>>> FindAsync(string scope, CancellationToken ct)
    {
        var found = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        if (scope.Split('/') is not ["pull", var number] || !number.All(char.IsAsciiDigit))
            return found;
        foreach (Match match in (await this.NotesAsync(number, ct)).SelectMany(n => Address().Matches(n.Body ?? "")))
        {
            var name = match.Groups["name"].Value;
            if (!found.TryGetValue(name, out var secrets))
                found[name] = secrets = new HashSet<string>(StringComparer.Ordinal);
            // Nobody has us ask a thousand addresses.
            if (secrets.Count < 4)
                secrets.Add(match.Groups["address"].Value);
        }

        return found;
    }

    // A merge request that is gone shows nothing any more; its files may still be wanted elsewhere.
    private async Task<List<GitLabNote>> NotesAsync(string number, CancellationToken ct)
    {
        try
        {
            return await api.ListAsync(
                $"{api.Root}/merge_requests/{number}/notes?sort=asc&order_by=created_at", GitLabJson.Default.GitLabNoteArray, $"list the notes of !{number}", ct);
        }
        catch (ForgeNotFoundException)
        {
            return [];
        }
    }

    private async Task<Uri?> VerifiedAsync(Asset asset, string name, IEnumerable<string> addresses, CancellationToken ct)
    {
        foreach (var address in addresses)
        {
            var secret = address.Split('/')[^2];
            var answer = await api.TryAsync(new ForgeRequest(HttpMethod.Get, $"{api.Root}/uploads/{secret}/{name}", $"read {name}"), ct);
            // An absolute address that lies elsewhere would not be this project's file.
            if (answer.IsSuccess && asset.Content.Span.SequenceEqual(answer.Body) && address.StartsWith(api.ServerUrl + "/", StringComparison.Ordinal))
                return new Uri(address);
        }

        return null;
    }

    private async Task<Uri> UploadAsync(Asset asset, string name, CancellationToken ct)
    {
        var (body, type) = Form(asset, name);
        // A second upload after a lost answer is a second file of the same bytes, which pruning finds too.
        var request = new ForgeRequest(HttpMethod.Post, $"{api.Root}/uploads", $"publish {asset.Name}") { Json = body, MediaType = type, Needs = NeedsUpload };
        var upload = await api.SendAsync(request, GitLabJson.Default.GitLabUpload, ct);
        // full_path holds the path below which GitLab is installed; before 17.1 it was the project's page's.
        var path = upload.FullPath ?? $"/{api.Path}{upload.Url}";
        var server = new Uri(api.ServerUrl + "/");
        var below = server.AbsolutePath.TrimEnd('/');
        return new Uri(path.StartsWith(below + "/", StringComparison.Ordinal) ? server.GetLeftPart(UriPartial.Authority) + path : api.ServerUrl + path);
    }

    // One file of a form. The boundary is made of the content's hash, which cannot stand in the content itself.
    private static (byte[] Body, string Type) Form(Asset asset, string name)
    {
        var boundary = "mlops-" + Convert.ToHexStringLower(SHA256.HashData(asset.Content.Span))[..40];
        var start = Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {asset.ContentType}\r\n\r\n");
        var end = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        return ([.. start, .. asset.Content.Span, .. end], $"multipart/form-data; boundary={boundary}");
    }

    [GeneratedRegex(
        """(?<address>https?://[A-Za-z0-9._~:/%\[\]-]{1,400}/uploads/[0-9a-f]{32}/(?<name>mlops-[A-Za-z0-9-]{1,100}-[0-9a-f]{64}\.[a-z0-9]{1,8}))""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Address();

    [GeneratedRegex("""^[0-9a-f]{64}\.[a-z0-9]{1,8}$""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Rest();
}
