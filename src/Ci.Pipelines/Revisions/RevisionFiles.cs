using System.Text;
using Ci.Data;
using Ci.Data.Yaml;
using Ci.Git;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines.Revisions;

/// <summary>The files of a commit that describe pipelines and data, in a folder outside of the project that ends with this object.</summary>
internal sealed class RevisionFiles(GitReader git, string commit, string prefix) : IDisposable
{
    /// <summary>The mode of a symbolic link, which is never followed: it may lead anywhere.</summary>
    public const string Link = "120000";

    private const int MostDescription = 64 << 20;
    private const int MostFiles = 2_000_000;
    private const int MostDepth = 100;

    private string? folder;
    private List<GitTreeEntry>? all;

    /// <summary>Made when first asked for.</summary>
    public string Folder => this.folder ??= this.Make();

    /// <summary>Every file of the commit (below the project's root), with whole paths.</summary>
    public IReadOnlyList<GitTreeEntry> All
    {
        get
        {
            if (this.all is null)
            {
                var found = new List<GitTreeEntry>();
                this.Walk(prefix.Length == 0 ? git.Root(commit) : git.Find(commit, prefix) is { Type: "tree" } folder ? git.Entries(folder.Id) : [], "", 0, found);
                this.all = found;
            }

            return this.all;
        }
    }

    /// <summary>The paths of the files at or below a path.</summary>
    public IEnumerable<string> Below(string path) =>
        this.All.Select(e => e.Path).Where(p => path.Length == 0 || p == path || (p.Length > path.Length && p[path.Length] == '/' && p.StartsWith(path, StringComparison.Ordinal)));

    public void Dispose()
    {
        if (this.folder is not null)
            Remove(new DirectoryInfo(this.folder));
        this.folder = null;
    }

    /// <summary>Whether a name from a tree may become the name of a file: Git itself lets a crafted repository hold worse.</summary>
    internal static bool IsPlainName(string name) =>
        name.Length > 0 && name is not ("." or "..") && !name.Contains('/', StringComparison.Ordinal) && !name.Equals(".git", StringComparison.OrdinalIgnoreCase) && name.Length <= 255;

    private static bool Describes(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return name is PipelineFile.Name or LockFile.Name or IgnoreRules.Name or PipelineFile.DefaultParameters || name.EndsWith(".dvc") || path == ".dvc/config";
    }

    private void Walk(IReadOnlyList<GitTreeEntry> entries, string prefix, int depth, List<GitTreeEntry> found)
    {
        if (depth > MostDepth)
            throw new PipelineException($"{commit}: folders nested deeper than {MostDepth}");
        foreach (var entry in entries)
        {
            if (!IsPlainName(entry.Path))
                throw new PipelineException($"{commit}: holds an entry named `{Printable(entry.Path)}`, which no honest repository has; it is not read");
            var path = prefix + entry.Path;
            if (entry.Type == "tree")
                this.Walk(git.Entries(entry.Id), path + "/", depth + 1, found);
            else if (entry.Type == "blob")
                found.Add(entry with { Path = path });
            if (found.Count > MostFiles)
                throw new PipelineException($"{commit}: holds more than {MostFiles} files; that is more than mlops reads");
        }
    }

    private string Make()
    {
        var made = Directory.CreateTempSubdirectory("mlops-revision-").FullName;
        this.folder = made;
        Directory.CreateDirectory(Path.Combine(made, ".dvc"));
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in this.All.Where(e => e.Mode != Link && Describes(e.Path)))
        {
            var bytes = git.Blob(entry.Id, MostDescription);
            if (entry.Path.EndsWith(PipelineFile.Name, StringComparison.Ordinal))
                named.UnionWith(NamedByVars(Encoding.UTF8.GetString(bytes), entry.Path));
            Put(made, entry.Path, bytes);
        }

        // `vars` may name files of any name, relative to folders that are only known once they are read: a few too many do no harm.
        foreach (var entry in named.Count == 0 ? [] : this.All.Where(e => e.Mode != Link && !Describes(e.Path) && named.Contains(Path.GetFileName(e.Path))))
            Put(made, entry.Path, git.Blob(entry.Id, MostDescription));
        return made;
    }

    private static void Put(string folder, string path, byte[] bytes)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
    }

    // By hand: the runtime's own way is generic code that is compiled at every start.
    private static void Remove(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } inner)
                Remove(inner);
            else
                entry.Delete();
        }

        folder.Delete();
    }

    private static IEnumerable<string> NamedByVars(string text, string shown)
    {
        if (!text.Contains("vars", StringComparison.Ordinal) || YamlReader.Read(text, shown) is not YamlMappingNode root)
            return [];
        var lists = new List<YamlNode?> { Of(root, "vars") };
        if (Of(root, "stages") is YamlMappingNode stages)
            lists.AddRange(stages.Children.Values.SelectMany(s => new[] { Of(s, "vars"), Of(s, "do") is { } inner ? Of(inner, "vars") : null }));
        return lists.OfType<YamlSequenceNode>().SelectMany(l => l.Children).OfType<YamlScalarNode>().Select(s => Path.GetFileName((s.Value ?? "").Split(':')[0]));
    }

    private static YamlNode? Of(YamlNode node, string key) => node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private static string Printable(string text) => new([.. text.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);
}
