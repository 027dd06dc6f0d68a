using System.Security.Cryptography;
using System.Text;
using Ci.Data;
using Ci.Data.Yaml;
using Ci.Storage.FileSystem;
using YamlDotNet.RepresentationModel;

namespace Ci.Pipelines;

/// <summary>
/// Earlier runs, as DVC keeps them: <c>runs/xx/KEY/VALUE</c>, the key over command and inputs, the value over the outputs too; the
/// file is the lock entry of that run. Runs of stages that declare more than DVC knows lie in <c>mlops-runs/xx/KEY/VALUE</c>, with that in
/// key and file: DVC must neither find nor mend them.
/// </summary>
public sealed class RunCache(Project project)
{
    /// <summary>Where DVC's runs lie below a cache or remote.</summary>
    public const string Folder = "runs";

    /// <summary>Where runs with further parts lie.</summary>
    public const string OwnFolder = "mlops-runs";

    private const string PartsKey = "mlops";
    private const int MostEntries = 200;
    private const int MostBytes = 16 << 20;

    /// <summary>Runs with the same command, dependencies, parameters and further parts, newest first; what their outputs were may not be in the cache.</summary>
    public IEnumerable<LockedStage> Candidates(Stage stage, LockedStage inputs, RunKeyParts parts)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var key = stage.CanReuseRuns ? FolderKeyOf(stage, inputs, parts) : null;
        if (key is null || !Directory.Exists(this.PathOf(key)))
            yield break;
        foreach (var file in new DirectoryInfo(this.PathOf(key)).EnumerateFiles().Where(f => f.Name[0] != '.').OrderByDescending(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal).Take(MostEntries))
        {
            if (Read(file) is var (run, found) && FolderKeyOf(stage, run, found) == key && stage.Outputs.All(o => run.Outputs.Any(r => r.Path == o.Path)))
                yield return run;
        }
    }

    /// <summary>Whether a run's outputs are all in the cache, each with the bytes that its name says.</summary>
    public bool IsWhole(LockedStage run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Outputs.All(o => project.Cache.HasAll(o.Digest.Md5));
    }

    /// <summary>Every run that is recorded of a command that makes the same outputs, newest first; for telling what differs.</summary>
    internal IEnumerable<(LockedStage Run, RunKeyParts Parts)> Kin(Stage stage, int most)
    {
        var wanted = stage.Outputs.Select(o => o.Path).Order(StringComparer.Ordinal).ToList();
        return this.All().OrderByDescending(f => f.LastWriteTimeUtc).Take(most).Select(Read).OfType<(LockedStage Run, RunKeyParts Parts)>()
            .Where(e => e.Run.Outputs.Select(o => o.Path).Order(StringComparer.Ordinal).SequenceEqual(wanted, StringComparer.Ordinal));
    }

    /// <summary>All that recorded runs made, each once: what a remote has to keep for them to be reused.</summary>
    public IReadOnlyList<TrackedOutput> Outputs() =>
        [.. this.All().Select(Read).OfType<(LockedStage Run, RunKeyParts Parts)>().SelectMany(e => e.Run.Outputs).DistinctBy(o => o.Digest.Md5).Select(o => new TrackedOutput(Path.GetFullPath(o.Path, project.Root), o.Digest))];

    /// <summary>Whether runs of the stage are recorded at all: as DVC, not those with data that is kept out of the cache.</summary>
    public static bool Keeps(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.CanReuseRuns && stage.Outputs.All(o => o.Cache || o.Kind != OutputKind.Data);
    }

    /// <summary>Records a run.</summary>
    public void Put(Stage stage, LockedStage run, RunKeyParts parts)
    {
        if (!Keeps(stage))
            return;
        var folder = this.PathOf(FolderKeyOf(stage, run, parts));
        var file = Path.Combine(folder, ValueOf(run, parts));
        if (File.Exists(file))
            return;
        Directory.CreateDirectory(folder);
        DurableFiles.Replace(file, Encoding.UTF8.GetBytes(YamlWriter.Write(Written(run, parts))));
    }

    /// <summary>The folder of a stage's runs with these inputs, below a cache or remote.</summary>
    internal static string FolderKeyOf(Stage stage, LockedStage inputs, RunKeyParts parts)
    {
        var key = HashOf(inputs with { Outputs = [] }, parts, [.. stage.Outputs.Select(object? (o) => o.Path).OrderBy(o => (string)o!, PythonText.Order)]);
        return $"{(parts.IsEmpty ? Folder : OwnFolder)}/{key.AsSpan(0, 2)}/{key}";
    }

    internal static string ValueOf(LockedStage run, RunKeyParts parts) => HashOf(run, parts, null);

    // SHA-256 over Python's sorted JSON of the entry without sizes; of the key the outputs by path alone.
    private static string HashOf(LockedStage run, RunKeyParts parts, List<object?>? outputPaths)
    {
        var value = Written(run, parts);
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

    private static OrderedDictionary<string, object?> Written(LockedStage run, RunKeyParts parts)
    {
        var value = run.ToValue();
        if (!parts.IsEmpty)
            value[PartsKey] = parts.ToValue();
        return value;
    }

    // Nothing is believed that cannot be read or does not hash to its own name.
    private static (LockedStage Run, RunKeyParts Parts)? Read(FileInfo file)
    {
        try
        {
            if (file.Length > MostBytes || YamlReader.Read(File.ReadAllText(file.FullName), file.FullName) is not YamlMappingNode node)
                return null;
            var parts = RunKeyParts.None;
            if (node.Children.TryGetValue(new YamlScalarNode(PartsKey), out var said))
            {
                parts = RunKeyParts.Read(new YamlFields(said, file.FullName, "run", "env", "image", "accelerator"));
                node.Children.Remove(new YamlScalarNode(PartsKey));
            }

            var run = LockFile.ReadStage(node, file.FullName, "run");
            return ValueOf(run, parts) == file.Name ? (run, parts) : null;
        }
        catch (Exception error) when (error is DataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private IEnumerable<FileInfo> All() => new[] { Folder, OwnFolder }.Select(this.PathOf).Where(Directory.Exists)
        .SelectMany(root => new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories)).Where(f => f.Name[0] != '.');

    private string PathOf(string key) => Path.Combine(project.Cache.Folder, key);
}
