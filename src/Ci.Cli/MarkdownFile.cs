using System.Text;
using Ci.Forges;

namespace Ci.Cli;

/// <summary>A Markdown file to post: read within bounds, its local images published.</summary>
internal static class MarkdownFile
{
    // Far more than any forge takes; a file named by mistake does not fill the memory.
    private const long LargestText = 16 * 1024 * 1024;

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
    /// looked for beside the file and must lie in its folder or below. Those that cannot be published become links to the job's files,
    /// and a last line says so: a report without pictures is worth more than none.
    /// </summary>
    /// <param name="markdown">The file's text.</param>
    /// <param name="path">The file.</param>
    /// <param name="forge">Where it is posted.</param>
    /// <param name="scope">What the pictures belong to: see <see cref="AssetScope"/>.</param>
    /// <param name="jobFiles">The page where the job's artifacts are; null where it has none.</param>
    /// <param name="warn">Takes one line a thing that did not go as wished.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<string> PublishImagesAsync(
        string markdown, string path, IForge forge, string scope, Uri? jobFiles, Action<string> warn, CancellationToken ct)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var targets = MarkdownImages.Find(markdown).Where(t => IsLocal(t.Target)).ToList();
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var target in targets.Select(t => t.Target).Distinct(StringComparer.Ordinal))
        {
            if (LocalImage.Load(folder, target, warn) is { } asset)
                assets[target] = asset;
        }

        if (assets.Count == 0)
            return markdown;
        var addresses = await PublishAsync(forge, scope, assets, warn, ct);
        var left = assets.Keys.Where(name => !addresses.ContainsKey(name)).ToHashSet(StringComparer.Ordinal);
        if (left.Count > 0 && jobFiles is not null)
        {
            var note = $"{(markdown.EndsWith('\n') ? "" : "\n")}\n_{left.Count} of {assets.Count} pictures could not be shown here: they are among the [files of this run]({jobFiles.AbsoluteUri})._\n";
            markdown = MarkdownImages.Link(markdown, targets, left, jobFiles.AbsoluteUri) + note;
            targets = [.. MarkdownImages.Find(markdown).Where(t => IsLocal(t.Target))];
        }

        return MarkdownImages.Replace(markdown, targets, target => addresses.TryGetValue(target, out var url) ? url.AbsoluteUri : null);
    }

    private static async Task<IReadOnlyDictionary<string, Uri>> PublishAsync(
        IForge forge, string scope, Dictionary<string, Asset> assets, Action<string> warn, CancellationToken ct)
    {
        var none = new Dictionary<string, Uri>(StringComparer.Ordinal);
        if (forge.Assets is null)
        {
            warn($"{forge.Description} takes no pictures beside the repository");
            return none;
        }

        try
        {
            var addresses = await forge.Assets.PublishAsync(scope, [.. assets.Values], ct);
            if (addresses.Count < assets.Count)
                warn($"{assets.Count - addresses.Count} of {assets.Count} pictures are not published: {forge.Description} takes no more at once");
            return addresses;
        }
        catch (ForgeRefusedException refusal)
        {
            warn($"pictures are not published: {refusal.Message}");
            return none;
        }
    }

    /// <summary>Whether an image's target names a file beside the Markdown.</summary>
    public static bool IsLocal(string target) =>
        target.Length > 0 && target[0] is not ('/' or '#' or '\\') && !target.Contains("://", StringComparison.Ordinal)
        && !target.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && !target.StartsWith("cid:", StringComparison.OrdinalIgnoreCase);
}
