using System.Security.Cryptography;
using System.Text;
using Ci.Data;
using Ci.Data.Yaml;
using Ci.Storage.FileSystem;

namespace Ci.Pipelines;

/// <summary>
/// Earlier runs, as DVC keeps them: <c>runs/xx/KEY/VALUE</c>, the key over command and inputs, the value over the outputs too; the
/// file is the lock entry of that run.
/// </summary>
public sealed class RunCache(Project project)
{
    /// <summary>A run with the same command, dependencies and parameters whose outputs are all in the cache; null when there is none.</summary>
    public LockedStage? Find(Stage stage, LockedStage inputs)
    {
        if (!stage.CanReuseRuns)
            return null;
        var folder = this.FolderOf(KeyOf(stage, inputs));
        if (!Directory.Exists(folder))
            return null;
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal))
        {
            if (YamlReader.Read(File.ReadAllText(file), file) is not { } node)
                continue;
            var run = LockFile.ReadStage(node, file, "run");
            // Nothing is believed that does not hash to its own name, nor used that lacks an output.
            if (ValueOf(run) == Path.GetFileName(file) && KeyOf(stage, run) == Path.GetFileName(folder) && stage.Outputs.All(o => run.Outputs.Any(r => r.Path == o.Path && project.Cache.HasAll(r.Digest.Md5))))
                return run;
        }

        return null;
    }

    /// <summary>Records a run.</summary>
    public void Put(Stage stage, LockedStage run)
    {
        if (!stage.CanReuseRuns)
            return;
        var folder = this.FolderOf(KeyOf(stage, run));
        var file = Path.Combine(folder, ValueOf(run));
        if (File.Exists(file))
            return;
        Directory.CreateDirectory(folder);
        DurableFiles.Replace(file, Encoding.UTF8.GetBytes(YamlWriter.Write(run.ToValue())));
    }

    /// <summary>SHA-256 over Python's sorted JSON of the entry without sizes, the outputs by path alone.</summary>
    internal static string KeyOf(Stage stage, LockedStage inputs) =>
        HashOf(inputs with { Outputs = [] }, [.. stage.Outputs.Select(object? (o) => o.Path).OrderBy(o => (string)o!, PythonText.Order)]);

    internal static string ValueOf(LockedStage run) => HashOf(run, null);

    private static string HashOf(LockedStage run, List<object?>? outputPaths)
    {
        var value = run.ToValue();
        foreach (var key in new[] { "deps", "outs" })
        {
            if (!value.TryGetValue(key, out var entries))
                continue;
            foreach (var entry in ((List<object?>)entries!).Cast<OrderedDictionary<string, object?>>())
            {
                entry.Remove("size");
                entry.Remove("nfiles");
            }
        }

        if (outputPaths is not null)
            value["outs"] = outputPaths;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PythonText.Json(value, sortKeys: true))));
    }

    private string FolderOf(string key) => Path.Combine(project.Cache.Folder, "runs", key[..2], key);
}
