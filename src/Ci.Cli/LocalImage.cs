using Ci.Forges;
using Ci.Jobs;

namespace Ci.Cli;

/// <summary>A picture that Markdown names: read only from the Markdown's folder or below, never through a link, within a size.</summary>
internal static class LocalImage
{
    public const long Largest = 10 * 1024 * 1024;

    /// <summary>The file; null, with a line of warning, where it is none that may be published.</summary>
    public static Asset? Load(string folder, string target, Action<string> warn)
    {
        var shown = Shown(target);
        if (PathOf(folder, target) is not { } path || IsLink(folder, path))
        {
            warn($"{shown} lies outside {folder}, or is reached by a link: not published");
            return null;
        }

        var file = new FileInfo(path);
        if (!file.Exists || ContentType(file.Extension) is not { } type || file.Length > Largest)
        {
            warn($"{shown} is not published: " + (file.Exists ? "neither SVG, PNG, JPEG, GIF nor WebP, or over 10 MiB" : "no such file"));
            return null;
        }

        return new Asset(target, File.ReadAllBytes(file.FullName), type);
    }

    /// <summary>Where the target's file would lie; null where that is not in the folder or below.</summary>
    public static string? PathOf(string folder, string target)
    {
        var name = Uri.UnescapeDataString(target.Split('?', '#')[0]);
        if (name.Contains('\0', StringComparison.Ordinal))
            return null;
        var path = Path.GetFullPath(name, folder);
        return path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal) ? path : null;
    }

    /// <summary>The media type by the file's ending; null for what is no picture.</summary>
    public static string? ContentType(string extension) => extension.ToLowerInvariant() switch
    {
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".webp" => "image/webp",
        _ => null,
    };

    // A link anywhere below the folder may lead out of it.
    private static bool IsLink(string folder, string path)
    {
        for (var at = path; at.Length > folder.TrimEnd('/').Length; at = Path.GetDirectoryName(at)!)
        {
            if (new FileInfo(at).LinkTarget is not null)
                return true;
        }

        return false;
    }

    // What people named their files stands in a log that CI reads: one line, no control characters, of some length.
    private static string Shown(string target) => LogText.Line(target, 200);
}
