using System.Text;
using Ci.Forges;

namespace Ci.Cli;

/// <summary>A Markdown file to post: read within bounds, its local images published.</summary>
internal static class MarkdownFile
{
    // Far more than any forge takes; a file named by mistake does not fill the memory.
    private const long LargestText = 16 * 1024 * 1024;
    private const long LargestImage = 10 * 1024 * 1024;

    public static string Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new CliException($"{path} does not exist: name the Markdown file to post");
        if (file.Length > LargestText)
            throw new CliException($"{path} has {file.Length} bytes, more than any forge takes: post a shorter report");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new CliException($"{path} is not UTF-8 text", inner: error);
        }
    }

    /// <summary>
    /// The text with the targets of its local images replaced by published addresses; every other byte stays as it was. Images are
    /// looked for beside the file and must lie in its folder or below.
    /// </summary>
    public static async Task<string> PublishImagesAsync(string markdown, string path, IForge forge, Action<string> warn, CancellationToken ct)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var targets = MarkdownImages.Find(markdown).Where(t => IsLocal(t.Target)).ToList();
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var target in targets.Select(t => t.Target).Distinct(StringComparer.Ordinal))
        {
            if (Load(folder, target, warn) is { } asset)
                assets[target] = asset;
        }

        if (assets.Count == 0)
            return markdown;
        if (forge.Assets is null)
        {
            warn($"{forge.Description} takes no pictures beside the repository: they stay as they are");
            return markdown;
        }

        var addresses = await forge.Assets.PublishAsync(AssetScope.Commits, [.. assets.Values], ct);
        return MarkdownImages.Replace(markdown, targets, target => addresses.TryGetValue(target, out var url) ? url.AbsoluteUri : null);
    }

    private static bool IsLocal(string target) =>
        target.Length > 0 && target[0] is not ('/' or '#' or '\\') && !target.Contains("://", StringComparison.Ordinal)
        && !target.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && !target.StartsWith("cid:", StringComparison.OrdinalIgnoreCase);

    private static Asset? Load(string folder, string target, Action<string> warn)
    {
        var name = Uri.UnescapeDataString(target.Split('?', '#')[0]);
        var file = new FileInfo(Path.GetFullPath(name, folder));
        if (!file.FullName.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal) || file.LinkTarget is not null)
        {
            warn($"{target} lies outside {folder}: not published");
            return null;
        }

        if (!file.Exists || ContentType(file.Extension) is not { } type || file.Length > LargestImage)
        {
            warn($"{target} is not published: " + (file.Exists ? "neither SVG, PNG, JPEG, GIF nor WebP, or over 10 MiB" : "no such file"));
            return null;
        }

        return new Asset(target, File.ReadAllBytes(file.FullName), type);
    }

    private static string? ContentType(string extension) => extension.ToLowerInvariant() switch
    {
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".webp" => "image/webp",
        _ => null,
    };
}
