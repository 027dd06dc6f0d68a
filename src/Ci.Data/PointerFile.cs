using System.Text;
using Ci.Data.Yaml;
using Ci.Storage.FileSystem;
using YamlDotNet.RepresentationModel;

namespace Ci.Data;

/// <summary>One output of a <c>.dvc</c> file, which mostly has one: a file or folder whose bytes lie in the cache and on the remote.</summary>
/// <param name="File">The <c>.dvc</c> file, absolute.</param>
/// <param name="Target">What it stands for, absolute.</param>
/// <param name="Digest">What it was last; null in a pointer that was never committed.</param>
/// <param name="Remote">The remote that keeps it, when it is not the default one.</param>
/// <param name="Push">Whether it goes to a remote at all.</param>
public sealed record PointerFile(string File, string Target, Digest? Digest, string? Remote = null, bool Push = true)
{
    private const int MaxBytes = 16 << 20;

    private static readonly string[] FileKeys = ["outs", "deps", "meta", "desc", "md5", "frozen", "locked", "wdir", "always_changed"];
    private static readonly string[] OutputKeys =
        ["md5", "size", "nfiles", "isexec", "hash", "path", "desc", "type", "labels", "meta", "remote", "push", "cache", "persist", "files", "cloud", "version_id", "etag", "checksum", "fs_config"];

    /// <summary>Which of the file's outputs it is.</summary>
    public int Index { get; init; }

    /// <summary>The bytes go into the cache. Default true.</summary>
    public bool Cache { get; init; } = true;

    /// <summary>An import is not updated by itself.</summary>
    public bool Frozen { get; init; }

    /// <summary>Where an import came from; none for what was added.</summary>
    public IReadOnlyList<PointerSource> Sources { get; init; } = [];

    /// <summary>Imported from another repository, which keeps it; it goes to no remote of this one.</summary>
    public bool IsFromRepository => this.Sources.Any(s => s.Url is not null);

    /// <summary>The file's <c>md5</c> is not that of what it says: somebody edited it by hand.</summary>
    public bool IsStale { get; init; }

    /// <summary>The only output of a file.</summary>
    /// <exception cref="DataException">It is no pointer, or has none or several outputs.</exception>
    public static PointerFile Read(string file, string shown) =>
        ReadAll(file, shown) is [var single] ? single : throw new DataException($"{shown}: expected exactly one entry below `outs`");

    /// <summary>Every output of a file.</summary>
    /// <exception cref="DataException">It is no pointer; the message begins with <c>file:line</c>.</exception>
    public static IReadOnlyList<PointerFile> ReadAll(string file, string shown)
    {
        if (new FileInfo(file).Length > MaxBytes)
            throw new DataException($"{shown}: larger than {MaxBytes >> 20} MiB; that is no pointer");
        return Parse(System.IO.File.ReadAllText(file), file, shown);
    }

    /// <summary>As <see cref="ReadAll"/>, of a text such as an older revision's.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Where it lies or lay, absolute.</param>
    /// <param name="shown">How messages name it.</param>
    public static IReadOnlyList<PointerFile> Parse(string text, string file, string shown)
    {
        var root = YamlReader.Read(text, shown) ?? throw new DataException($"{shown}: is empty; expected `outs:`");
        var fields = new YamlFields(root, shown, "pointer", FileKeys);
        var folder = Path.GetFullPath(fields.Text("wdir") ?? "", Path.GetDirectoryName(file)!);
        IReadOnlyList<PointerSource> sources = fields["deps"] is null ? [] : [.. fields.Items("deps").Select(node => PointerSource.Read(node, shown))];
        var isStale = fields.Has("md5") && fields.Text("md5") != (sources.Count == 0 ? null : PointerText.Checksum(root, shown));
        var frozen = fields.Flag("frozen", false) || fields.Flag("locked", false);
        return [.. fields.Items("outs").Select((node, i) => Output(node, i, file, folder, shown) with { Frozen = frozen, Sources = sources, IsStale = isStale })];
    }

    /// <summary>Reads what <c>.dvc</c> and <c>dvc.lock</c> entries have in common; null when no digest stands there.</summary>
    public static Digest? DigestOf(YamlFields entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Text("md5") is not { } md5)
            return null;
        if (md5.Contains(Data.Digest.LegacyMark, StringComparison.Ordinal) || !Data.Digest.IsValid(md5))
            throw entry.Error(entry["md5"]!, $"`{md5}` is not an MD5 digest");
        var name = entry.Text("hash") switch
        {
            "md5" => md5,
            // Written by DVC 2, whose digests mean something else.
            null => Data.Digest.LegacyName(md5),
            var other => throw entry.Error(entry["hash"]!, $"`hash: {other}` is not known to this version, only md5"),
        };
        return new Digest(name, entry.Number("size") ?? 0, (int?)entry.Number("nfiles"), entry.Flag("isexec", false));
    }

    /// <summary>
    /// Writes the pointer with a digest, in one step. A file that exists keeps its order of keys, its comments and all else that it
    /// says; a new one has DVC's order.
    /// </summary>
    public PointerFile Write(Digest digest)
    {
        var text = System.IO.File.Exists(this.File) ? PointerText.Edited(System.IO.File.ReadAllText(this.File), this, digest) : PointerText.New(this, digest);
        DurableFiles.Replace(this.File, Encoding.UTF8.GetBytes(text));
        return this with { Digest = digest };
    }

    /// <summary>Data whose versions a cloud keeps under its own names is not in this version's reach; to go on would lose it.</summary>
    public static void RefuseVersioned(YamlFields entry)
    {
        foreach (var key in new[] { "files", "cloud", "version_id" })
        {
            if (entry[key] is { } node)
                throw entry.Error(node, $"`{key}` belongs to a remote with `version_aware` or `worktree`, which this version does not read; to keep the data by its content, unset that setting and run `dvc commit --force` and `dvc push` with DVC");
        }
    }

    private static PointerFile Output(YamlNode node, int index, string file, string folder, string shown)
    {
        var entry = new YamlFields(node, shown, "pointer's output", OutputKeys);
        RefuseVersioned(entry);
        var path = entry.Text("path") ?? throw entry.Error(node, "`path` is missing");
        if (path.Contains("://", StringComparison.Ordinal))
            throw entry.Error(node, $"`{path}` is an address; outputs stay inside the project since DVC 3");
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));
        return new PointerFile(file, target, DigestOf(entry), entry.Text("remote"), entry.Flag("push", true))
        {
            Index = index, Cache = entry.Flag("cache", true),
        };
    }
}
