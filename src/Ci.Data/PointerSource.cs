using Ci.Data.Yaml;

namespace Ci.Data;

/// <summary>Where the data of an import came from: <c>deps</c> of a <c>.dvc</c> file.</summary>
/// <param name="Path">A path inside of the repository at <paramref name="Url"/>, or else the address or path of the data itself.</param>
/// <param name="Url">The repository; null when the data did not come from one.</param>
public sealed record PointerSource(string Path, string? Url = null)
{
    /// <summary>The branch or tag that was asked for; null: the default branch.</summary>
    public string? Revision { get; init; }

    /// <summary>The commit that the data came from.</summary>
    public string? LockedRevision { get; init; }

    /// <summary>What the data was, when it is no repository's.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The entry as written, for what it says besides.</summary>
    public required OrderedDictionary<string, object?> Written { get; init; }

    /// <summary>As people read it: <c>d.txt (https://…)</c>.</summary>
    public string Shown => this.Url is null ? this.Path : $"{this.Path} ({this.Url})";

    internal static PointerSource Read(YamlDotNet.RepresentationModel.YamlNode node, string shown)
    {
        var fields = new YamlFields(
            node, shown, "pointer's dependency",
            "path", "repo", "md5", "etag", "checksum", "size", "nfiles", "isexec", "version_id", "hash", "files", "cloud", "fs_config", "db", "persist");
        PointerFile.RefuseVersioned(fields);
        var path = fields.Text("path") ?? (fields.Has("db") ? "" : throw fields.Error(node, "`path` is missing"));
        var written = (OrderedDictionary<string, object?>)YamlReader.ValueOf(node, shown)!;
        if (fields["repo"] is not { } repo)
            return new PointerSource(path) { Digest = PointerFile.DigestOf(fields), Written = written };
        var from = new YamlFields(repo, shown, "pointer's repository", "url", "rev", "rev_lock", "config", "remote");
        return new PointerSource(path, from.Text("url") ?? throw from.Error(repo, "`url` is missing"))
        {
            Revision = from.Text("rev"), LockedRevision = from.Text("rev_lock"), Written = written,
        };
    }
}
