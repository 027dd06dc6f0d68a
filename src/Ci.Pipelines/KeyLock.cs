using System.Text;
using Ci.Data;
using Ci.Data.Yaml;
using Ci.Storage.FileSystem;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>
/// <c>mlops.lock</c>, beside a <c>dvc.lock</c>: under which environment variables, image and accelerator the locked runs were made, of
/// stages that declare them. DVC's own lock has no place for that. Described in docs/protocol/mlops-lock.md.
/// </summary>
internal sealed class KeyLock
{
    public const string Name = "mlops.lock";

    private readonly Project project;
    private readonly string path;

    public KeyLock(Project project, string folder) => (this.project, this.path) = (project, Path.Combine(folder, Name));

    /// <summary>What the locked run was made under; null when that is not known, such as after DVC itself ran the stage.</summary>
    public RunKeyParts? Of(Stage stage, LockedStage locked) =>
        this.Read().TryGetValue(stage.Name, out var entry) && entry.Run == RunCache.ValueOf(locked, RunKeyParts.None) ? entry.Parts : null;

    /// <summary>Records what a locked run was made under.</summary>
    /// <returns>Whether the file changed.</returns>
    public bool Put(Stage stage, LockedStage locked, RunKeyParts parts)
    {
        if (parts.IsEmpty && !File.Exists(this.path))
            return false;
        var changed = false;
        this.project.Locks.While($"{Name} {this.path}", () =>
        {
            var all = this.Read();
            all.Remove(stage.Name);
            if (!parts.IsEmpty)
                all[stage.Name] = (RunCache.ValueOf(locked, RunKeyParts.None), parts);
            var bytes = Encoding.UTF8.GetBytes(Text(all));
            if (File.Exists(this.path) && File.ReadAllBytes(this.path).AsSpan().SequenceEqual(bytes))
                return;
            DurableFiles.Replace(this.path, bytes);
            changed = true;
        });
        return changed;
    }

    private static string Text(SortedDictionary<string, (string Run, RunKeyParts Parts)> all)
    {
        var stages = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, (run, parts)) in all)
        {
            var value = parts.ToValue();
            value.Insert(0, "run", run);
            stages[name] = value;
        }

        return YamlWriter.Write(new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["schema"] = "1.0", ["stages"] = stages });
    }

    private SortedDictionary<string, (string Run, RunKeyParts Parts)> Read()
    {
        var all = new SortedDictionary<string, (string, RunKeyParts)>(StringComparer.Ordinal);
        var shown = this.project.Shown(this.path);
        if (!File.Exists(this.path) || YamlReader.Read(File.ReadAllText(this.path), shown) is not { } root)
            return all;
        var top = new YamlFields(root, shown, "lock", "schema", "stages");
        if (top.Text("schema") != "1.0")
            throw top.Error(root, $"`schema` is {top.Text("schema") ?? "missing"}; this version reads and writes 1.0");
        if (top["stages"] is not YamlMappingNode stages)
            return all;
        foreach (var (key, node) in stages.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            var fields = new YamlFields(node, shown, $"stage `{name}`", "run", "env", "image", "accelerator");
            all[name] = (fields.Text("run") ?? throw fields.Error(node, "`run` is missing"), RunKeyParts.Read(fields));
        }

        return all;
    }
}
