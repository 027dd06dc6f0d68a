using System.Text;
using Ci.Data;
using Ci.Data.Yaml;
using Ci.Storage.FileSystem;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>A <c>dvc.lock</c>, schema 2.0: stages stand in the order in which they first ran; those that are no more stay.</summary>
public sealed class LockFile
{
    public const string Name = "dvc.lock";

    private static readonly string[] EntryKeys = ["path", "hash", "md5", "size", "nfiles", "isexec", "cloud", "files", "version_id", "etag", "checksum"];

    private readonly Project? project;
    private readonly string path;
    private OrderedDictionary<string, LockedStage> stages = new(StringComparer.Ordinal);

    private LockFile(Project? project, string path) => (this.project, this.path) = (project, path);

    /// <summary>Of every output that it names, also of stages that are no more.</summary>
    public IEnumerable<string> Digests => this.stages.Values.SelectMany(s => s.Outputs).Select(o => o.Digest.Md5);

    public LockedStage? this[string stage] => this.stages.GetValueOrDefault(stage);

    /// <summary>The lock that lies in a folder; an empty one where there is none.</summary>
    public static LockFile Read(Project project, string folder)
    {
        ArgumentNullException.ThrowIfNull(project);
        var result = new LockFile(project, Path.Combine(folder, Name));
        result.Load();
        return result;
    }

    /// <summary>Reads a lock from its text, such as an older revision's.</summary>
    public static LockFile Parse(string text, string shown)
    {
        var result = new LockFile(null, "");
        result.Load(text, shown);
        return result;
    }

    /// <summary>
    /// Records a run and writes the file in one step; readers see the old lock or the new one. What other processes have recorded of
    /// other stages meanwhile is kept.
    /// </summary>
    /// <param name="stage">Its name.</param>
    /// <param name="locked">What to record.</param>
    /// <param name="before">A new entry stands before these: stages run at the same time, but the file must not depend on which ends first.</param>
    public void Put(string stage, LockedStage locked, IReadOnlyCollection<string>? before = null)
    {
        if (this.project is null)
            throw new InvalidOperationException("a lock that was read from a text lies in no file");
        this.project.Locks.While($"{Name} {this.path}", () =>
        {
            this.Load();
            var place = before is null || this.stages.ContainsKey(stage) ? -1 : before.Select(this.stages.IndexOf).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
            if (place < 0)
                this.stages[stage] = locked;
            else
                this.stages.Insert(place, stage, locked);
            var all = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            foreach (var (name, value) in this.stages)
                all[name] = value.ToValue();
            var root = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["schema"] = "2.0", ["stages"] = all };
            DurableFiles.Replace(this.path, Encoding.UTF8.GetBytes(YamlWriter.Write(root)));
        });
    }

    /// <summary>One stage's entry, as a lock or a run's record holds it.</summary>
    internal static LockedStage ReadStage(YamlNode node, string shown, string where)
    {
        var fields = new YamlFields(node, shown, where, "cmd", "deps", "params", "outs");
        var command = fields["cmd"] is { } cmd ? YamlReader.ValueOf(cmd, shown) : null;
        if (command is not string && command is not IReadOnlyList<object?>)
            throw fields.Error(node, "`cmd` must be a command or a list of commands");
        var parameters = new OrderedDictionary<string, OrderedDictionary<string, object?>>(StringComparer.Ordinal);
        if (fields["params"] is { } files && YamlReader.ValueOf(files, shown) is OrderedDictionary<string, object?> byFile)
        {
            foreach (var (file, keys) in byFile)
                parameters[file] = keys as OrderedDictionary<string, object?> ?? throw fields.Error(files, $"`params` of {file} must be keys with values");
        }

        return new LockedStage(command, Entries(fields, "deps"), parameters, Entries(fields, "outs"));
    }

    private static List<LockedFile> Entries(YamlFields stage, string key) =>
        [.. stage.Items(key).Select(item =>
        {
            var entry = new YamlFields(item, stage.File, stage.Where, EntryKeys);
            PointerFile.RefuseVersioned(entry);
            var name = entry.Text("path") ?? throw entry.Error(item, "`path` is missing");
            if (name.Contains("://", StringComparison.Ordinal))
                throw entry.Error(item, $"`{name}` is an address, which is no dependency or output that this version knows; make it a file of the project, such as by a stage that fetches it");
            return new LockedFile(name, PointerFile.DigestOf(entry) ?? throw entry.Error(item, $"`{name}` has no `md5`"));
        })];

    private void Load()
    {
        this.stages = new(StringComparer.Ordinal);
        if (File.Exists(this.path))
            this.Load(File.ReadAllText(this.path), this.project!.Shown(this.path));
    }

    private void Load(string text, string shown)
    {
        if (YamlReader.Read(text, shown) is not { } root)
            return;
        var top = new YamlFields(root, shown, "lock", "schema", "stages", "datasets");
        if (top.Text("schema") != "2.0")
            throw top.Error(root, $"`schema` is {top.Text("schema") ?? "missing"}; this version reads and writes 2.0");
        if (top["datasets"] is { } datasets)
            throw top.Error(datasets, "`datasets` is not known to this version, and writing the file would drop it");
        if (top["stages"] is not YamlMappingNode mapping)
            return;
        foreach (var (key, node) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            this.stages[name] = ReadStage(node, shown, $"stage `{name}`");
        }
    }
}
