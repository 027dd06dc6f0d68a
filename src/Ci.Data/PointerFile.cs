using Ci.Data.Yaml;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>A <c>.dvc</c> file: one file or folder whose bytes lie in the cache and on the remote.</summary>
/// <param name="File">The <c>.dvc</c> file, absolute.</param>
/// <param name="Target">What it stands for, absolute.</param>
/// <param name="Digest">What it was last; null in a pointer that was never committed.</param>
/// <param name="Remote">The remote that keeps it, when it is not the default one.</param>
/// <param name="Push">Whether it goes to a remote at all.</param>
public sealed record PointerFile(string File, string Target, Digest? Digest, string? Remote = null, bool Push = true)
{
    public static PointerFile Read(string file, string shown)
    {
        var root = YamlReader.Read(System.IO.File.ReadAllText(file), shown) ?? throw new DataException($"{shown}: is empty; expected `outs:`");
        var fields = new YamlFields(root, shown, "pointer", "outs", "deps", "meta", "desc", "md5", "frozen", "wdir");
        var outs = fields.Items("outs").ToList();
        if (outs.Count != 1)
            throw fields.Error(root, $"`outs` holds {outs.Count} entries; a pointer stands for exactly one");
        var entry = new YamlFields(outs[0], shown, "pointer's output", "md5", "size", "nfiles", "isexec", "hash", "path", "desc", "type", "labels", "meta", "remote", "push", "cache", "persist");
        if (entry.Has("md5") && entry.Text("hash") != "md5")
            throw entry.Error(outs[0], "has no `hash: md5`: written by DVC 2, whose digests mean something else; run `dvc cache migrate --dvc-files` first");
        var path = entry.Text("path") ?? throw entry.Error(outs[0], "`path` is missing");
        var folder = Path.GetDirectoryName(file)!;
        return new PointerFile(file, Path.GetFullPath(Path.Combine(fields.Text("wdir") ?? "", path), folder), DigestOf(entry), entry.Text("remote"), entry.Flag("push", true));
    }

    /// <summary>Reads what <c>.dvc</c> and <c>dvc.lock</c> entries have in common; null when no digest stands there.</summary>
    public static Digest? DigestOf(YamlFields entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Text("md5") is not { } md5)
            return null;
        if (!Data.Digest.IsValid(md5))
            throw entry.Error(entry["md5"]!, $"`{md5}` is not an MD5 digest");
        return new Digest(md5, entry.Number("size") ?? 0, (int?)entry.Number("nfiles"), entry.Flag("isexec", false));
    }

    /// <summary>Writes the pointer with a digest, in one step, in DVC's order of keys.</summary>
    public PointerFile Write(Digest digest)
    {
        var entry = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["md5"] = digest.Md5, ["size"] = digest.Size };
        if (digest.FileCount is { } count)
            entry["nfiles"] = (long)count;
        if (digest.IsExecutable)
            entry["isexec"] = true;
        entry["hash"] = "md5";
        entry["path"] = Path.GetRelativePath(Path.GetDirectoryName(this.File)!, this.Target).Replace(Path.DirectorySeparatorChar, '/');
        if (this.Remote is not null)
            entry["remote"] = this.Remote;
        if (!this.Push)
            entry["push"] = false;
        var text = YamlWriter.Write(new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["outs"] = new List<object?> { entry } });
        DurableFiles.Replace(this.File, System.Text.Encoding.UTF8.GetBytes(text));
        return this with { Digest = digest };
    }
}
