using System.Security.Cryptography;
using System.Text;
using Ci.Data.Yaml;
using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>
/// A <c>.dvc</c> file of data that came from elsewhere: another repository, or an address. Besides the digest it says where from, and
/// carries a checksum of itself. Keys that mean nothing here (descriptions, labels) are kept.
/// </summary>
public sealed class ImportFile
{
    // What says nothing about the data; none of it enters the checksum.
    private static readonly string[] Unhashed = ["desc", "type", "labels", "meta", "locked", "frozen", "metric", "persist", "isexec", "size", "nfiles"];

    private readonly OrderedDictionary<string, object?> root;
    private readonly bool isNew;

    private ImportFile(string file, OrderedDictionary<string, object?> root, bool isNew) => (this.File, this.root, this.isNew) = (file, root, isNew);

    /// <summary>The <c>.dvc</c> file, absolute.</summary>
    public string File { get; }

    /// <summary>What it stands for, absolute.</summary>
    public string Target => Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(this.root.GetValueOrDefault("wdir") as string ?? "", Text(this.Output, "path") ?? ""), Path.GetDirectoryName(this.File)!));

    /// <summary>The path in the repository, or the address or path itself.</summary>
    public string SourcePath => Text(this.Dependency, "path") ?? "";

    /// <summary>The other repository; null when the data comes from an address.</summary>
    public string? Url => this.Repository is { } repo ? Text(repo, "url") : null;

    /// <summary>The revision that was asked for; null: the newest of the default branch.</summary>
    public string? Revision => this.Repository is { } repo ? Text(repo, "rev") : null;

    /// <summary>The commit that the data is of.</summary>
    public string? LockedRevision => this.Repository is { } repo ? Text(repo, "rev_lock") : null;

    /// <summary>The upstream's remote that was asked for by name.</summary>
    public string? Remote => this.Repository?.GetValueOrDefault("remote") as string;

    /// <summary>The settings that DVC would lay over the upstream's; they are not known here.</summary>
    public bool HasOwnSettings => this.Repository is { } repo && (repo.ContainsKey("config") || repo.GetValueOrDefault("remote") is not (null or string));

    /// <summary>The digest of what was taken; null when nothing was yet.</summary>
    public string? Md5 => Text(this.Output, "md5");

    /// <summary>What an address said of its content: a digest, an entity tag; null when nothing.</summary>
    public string? SourceMark => Text(this.Dependency, "md5") ?? Text(this.Dependency, "etag") ?? Text(this.Dependency, "checksum");

    public string SourceShown => this.Url is null ? this.SourcePath : $"{this.SourcePath} ({this.Url})";

    private OrderedDictionary<string, object?> Output => Only(this.root, "outs");

    private OrderedDictionary<string, object?> Dependency => Only(this.root, "deps");

    private OrderedDictionary<string, object?>? Repository => this.Dependency.GetValueOrDefault("repo") as OrderedDictionary<string, object?>;

    /// <summary>Describes data of another repository that is to be taken.</summary>
    public static ImportFile OfRepository(string file, string target, string path, string url, string? revision, string? remote)
    {
        var repo = Map(("url", url));
        if (revision is not null)
            repo["rev"] = revision;
        if (remote is not null)
            repo["remote"] = remote;
        return New(file, target, Map(("path", path), ("repo", repo)));
    }

    /// <summary>Describes data of an address that is to be taken.</summary>
    public static ImportFile OfAddress(string file, string target, string address) => New(file, target, Map(("hash", "md5"), ("path", address)));

    /// <summary>Reads the file; null when it describes no import.</summary>
    public static ImportFile? Read(string file, string shown)
    {
        if (YamlReader.ReadValue(System.IO.File.ReadAllText(file), shown) is not OrderedDictionary<string, object?> root)
            throw new DataException($"{shown}: is empty; expected `outs:`");
        if (root.GetValueOrDefault("deps") is not IReadOnlyList<object?> { Count: > 0 } || root.ContainsKey("cmd"))
            return null;
        if (root.GetValueOrDefault("outs") is not IReadOnlyList<object?> { Count: 1 } || root["deps"] is not IReadOnlyList<object?> { Count: 1 })
            throw new DataException($"{shown}: an import has one entry below `deps` and one below `outs`");
        var import = new ImportFile(file, root, isNew: false);
        if (import.SourcePath.Length == 0 || Text(import.Output, "path") is null || (import.Dependency.ContainsKey("repo") && import.Url is null))
            throw new DataException($"{shown}: `path` or `url` is missing");
        return import.Md5 is null || Digest.IsValid(import.Md5) ? import : throw new DataException($"{shown}: `{import.Md5}` is not an MD5 digest");
    }

    /// <summary>The commit that the data is of from now on, and the revision to follow when another one was asked for.</summary>
    public void Follow(string? revision, string commit)
    {
        var repo = this.Repository ?? throw new InvalidOperationException("the data comes from no repository");
        // In this order, wherever they stood.
        var rest = repo.Where(p => p.Key is not ("url" or "rev" or "rev_lock")).ToList();
        var (url, rev) = (repo["url"], revision ?? this.Revision);
        repo.Clear();
        repo["url"] = url;
        if (rev is not null)
            repo["rev"] = rev;
        repo["rev_lock"] = commit;
        rest.ForEach(p => repo[p.Key] = p.Value);
    }

    /// <summary>What the data is now; null: that is not known yet.</summary>
    public void Take(Digest? digest) => this.Put(this.Output, digest is null ? [] : Facts(digest));

    /// <summary>What the address's content was: of a file or folder here its digest, else the mark that the address gave.</summary>
    public void TakeSource(Digest? digest, string? mark, long size)
    {
        var facts = digest is not null ? Facts(digest) : mark is null ? [] : [("etag", mark), ("size", (object?)size), ("hash", "md5")];
        this.Put(this.Dependency, facts);
    }

    /// <summary>The file's text.</summary>
    public string Text()
    {
        this.root.Remove("md5");
        // A file of an import that was only described has no checksum: nothing was taken that it could vouch for.
        var locked = this.LockedRevision is not null || this.SourceMark is not null || this.Output.ContainsKey("md5");
        if (locked)
            this.root.Insert(0, "md5", this.Checksum());
        return YamlWriter.Write(this.root);
    }

    /// <summary>Writes the file in one step.</summary>
    public void Write() => DurableFiles.Replace(this.File, Encoding.UTF8.GetBytes(this.Text()));

    private static ImportFile New(string file, string target, OrderedDictionary<string, object?> dependency)
    {
        var output = Map(("hash", "md5"), ("path", Path.GetRelativePath(Path.GetDirectoryName(file)!, target).Replace(Path.DirectorySeparatorChar, '/')));
        return new ImportFile(file, Map(("frozen", true), ("deps", new List<object?> { dependency }), ("outs", new List<object?> { output })), isNew: true);
    }

    // A new entry has DVC's order; one that exists keeps its own, and what is new goes below.
    private void Put(OrderedDictionary<string, object?> entry, List<(string Key, object? Value)> facts)
    {
        foreach (var key in new[] { "md5", "size", "nfiles", "isexec", "etag", "checksum" }.Where(k => facts.TrueForAll(f => f.Key != k)))
            entry.Remove(key);
        if (this.isNew)
        {
            var path = entry["path"];
            entry.Clear();
            facts.ForEach(f => entry[f.Key] = f.Value);
            entry["hash"] = "md5";
            entry["path"] = path;
        }
        else
            facts.ForEach(f => entry[f.Key] = f.Value);
    }

    private static List<(string Key, object? Value)> Facts(Digest digest)
    {
        List<(string, object?)> facts = [("md5", digest.Md5), ("size", digest.Size)];
        if (digest.FileCount is { } count)
            facts.Add(("nfiles", (long)count));
        if (digest.IsExecutable)
            facts.Add(("isexec", true));
        facts.Add(("hash", "md5"));
        return facts;
    }

    private string Checksum()
    {
        var hashed = (OrderedDictionary<string, object?>)Filtered(this.root)!;
        hashed.Remove("md5");
        if (hashed.GetValueOrDefault("wdir") is ".")
            hashed.Remove("wdir");
#pragma warning disable CA5351 // DVC's format
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(PythonText.Json(hashed, sortKeys: true))));
#pragma warning restore CA5351
    }

    private static object? Filtered(object? value) => value switch
    {
        OrderedDictionary<string, object?> map => Map([.. map.Where(p => !Unhashed.Contains(p.Key, StringComparer.Ordinal)).Select(p => (p.Key, Filtered(p.Value)))]),
        IReadOnlyList<object?> list => list.Select(Filtered).ToList(),
        _ => value,
    };

    private static OrderedDictionary<string, object?> Only(OrderedDictionary<string, object?> root, string key) =>
        (root[key] as IReadOnlyList<object?>)?[0] as OrderedDictionary<string, object?> ?? throw new DataException($"`{key}` must hold keys with values");

    private static string? Text(OrderedDictionary<string, object?> map, string key) => map.GetValueOrDefault(key)?.ToString();

    private static OrderedDictionary<string, object?> Map(params (string Key, object? Value)[] pairs)
    {
        var map = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
            map[key] = value;
        return map;
    }
}
