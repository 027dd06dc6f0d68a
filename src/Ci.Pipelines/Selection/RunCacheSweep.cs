using Ci.Data;
using Ci.Data.Yaml;

namespace Ci.Pipelines.Selection;

/// <summary>Removes records of runs whose outputs are gone: they could never stand in for a run again.</summary>
public static class RunCacheSweep
{
    private const int MostBytes = 16 << 20;

    /// <summary>Sweeps the records.</summary>
    /// <param name="cache">Where they lie.</param>
    /// <param name="isKept">Whether an object is there to stay.</param>
    /// <param name="dry">Only count.</param>
    /// <returns>How many were removed, or would be.</returns>
    public static int Sweep(ObjectCache cache, Func<string, bool> isKept, bool dry)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var home = Path.Combine(cache.Folder, "runs");
        if (!Directory.Exists(home))
            return 0;
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories).Where(f => IsRecord(f)).ToList())
        {
            if (OutputsOf(file) is not { } outputs || outputs.All(isKept))
                continue;
            count++;
            if (dry)
                continue;
            File.Delete(file);
            for (var folder = Path.GetDirectoryName(file)!; folder != home && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
                Directory.Delete(folder);
        }

        return count;
    }

    private static bool IsRecord(string file) => Path.GetFileName(file) is { Length: 64 } name && name.All(char.IsAsciiHexDigitLower);

    // Null: it cannot be read, and whoever wrote it may know why.
    private static IReadOnlyList<string>? OutputsOf(string file)
    {
        try
        {
            return new FileInfo(file).Length <= MostBytes && YamlReader.Read(File.ReadAllText(file), file) is { } node
                ? [.. LockFile.ReadStage(node, file, "run").Outputs.Select(o => o.Digest.Md5)]
                : null;
        }
        catch (DataException)
        {
            return null;
        }
    }
}
