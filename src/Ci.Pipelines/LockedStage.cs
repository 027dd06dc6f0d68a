using Ci.Data;

namespace Ci.Pipelines;

/// <summary>What <c>dvc.lock</c> remembers of a stage's last run.</summary>
/// <param name="Command">A string, or a list of strings.</param>
/// <param name="Dependencies">Path as written, and what it was.</param>
/// <param name="Parameters">By file, then by key.</param>
/// <param name="Outputs">Path as written, and what it was.</param>
public sealed record LockedStage(
    object Command,
    IReadOnlyList<LockedFile> Dependencies,
    OrderedDictionary<string, OrderedDictionary<string, object?>> Parameters,
    IReadOnlyList<LockedFile> Outputs)
{
    /// <summary>What a dependency was, by its path as written; null: it was none.</summary>
    public Digest? DependencyOf(string path) => Find(this.Dependencies, path);

    /// <summary>What an output was, by its path as written; null: it was none.</summary>
    public Digest? OutputOf(string path) => Find(this.Outputs, path);

    /// <summary>In the lock's order of keys.</summary>
    public OrderedDictionary<string, object?> ToValue()
    {
        var value = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["cmd"] = this.Command };
        if (this.Dependencies.Count > 0)
            value["deps"] = Entries(this.Dependencies);
        if (this.Parameters.Count > 0)
        {
            var files = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            foreach (var (file, keys) in this.Parameters)
                files[file] = keys;
            value["params"] = files;
        }

        if (this.Outputs.Count > 0)
            value["outs"] = Entries(this.Outputs);
        return value;
    }

    private static Digest? Find(IReadOnlyList<LockedFile> files, string path)
    {
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i].Path == path)
                return files[i].Digest;
        }

        return null;
    }

    private static List<object?> Entries(IEnumerable<LockedFile> items) =>
        [.. items.OrderBy(i => i.Path, PythonText.Order).Select(i => Entry(i.Path, i.Digest))];

    private static OrderedDictionary<string, object?> Entry(string path, Digest digest)
    {
        var entry = new OrderedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["path"] = path,
        };
        if (!digest.IsLegacy)
            entry["hash"] = "md5";
        entry["md5"] = digest.Text;
        entry["size"] = digest.Size;
        if (digest.FileCount is { } count)
            entry["nfiles"] = (long)count;
        if (digest.IsExecutable)
            entry["isexec"] = true;
        return entry;
    }
}
