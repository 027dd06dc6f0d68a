using Ci.Data;
using Ci.Pipelines.Parameters;

namespace Ci.Pipelines;

/// <summary>What a stage depends on, as it is now.</summary>
internal static class StageInputs
{
    /// <summary>The values of a stage's parameters as the lock holds them: the default file first, files and keys by code points.</summary>
    /// <exception cref="PipelineException">A file or a key is missing.</exception>
    public static OrderedDictionary<string, OrderedDictionary<string, object?>> Parameters(ParameterCache files, Stage stage)
    {
        var all = new OrderedDictionary<string, OrderedDictionary<string, object?>>(StringComparer.Ordinal);
        foreach (var set in stage.Parameters.OrderBy(s => s.Path == PipelineFile.DefaultParameters ? 0 : 1).ThenBy(s => s.Path, PythonText.Order))
        {
            var (found, missing) = Values(files, set);
            if (found is null)
                throw new PipelineException($"stage `{stage.Address}`: dependency `{set.Path}` does not exist");
            if (missing.Count > 0)
                throw new PipelineException($"stage `{stage.Address}`: `{set.Path}` has no {string.Join(", ", missing.Select(k => $"`{k}`"))}{NearNames.Hint(missing[0], Keys(files, set))}");
            all[set.Path] = new(found.OrderBy(p => p.Key, PythonText.Order), StringComparer.Ordinal);
        }

        return all;
    }

    /// <summary>The values of one set, in the order in which keys are named or stand in the file; null when the file does not exist.</summary>
    public static (OrderedDictionary<string, object?>? Found, IReadOnlyList<string> Missing) Values(ParameterCache files, ParameterSet set)
    {
        if (!File.Exists(set.FullPath))
            return (null, []);
        var values = files.Read(set.FullPath, set.Path);
        var found = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        if (set.Keys.Count == 0 && values is OrderedDictionary<string, object?> whole)
            return (whole, []);

        var missing = new List<string>();
        foreach (var key in set.Keys)
        {
            if (ParameterFile.TryFind(values, key, out var value))
                found[key] = value;
            else
                missing.Add(key);
        }

        return (found, missing);
    }

    public static object Command(Stage stage) => stage.CommandIsList ? stage.Commands.Cast<object?>().ToList() : stage.Commands[0];

    /// <summary>Values are equal as DVC compares them: by what they are, numbers by value.</summary>
    public static bool Same(object? a, object? b) => PythonText.Json(a, sortKeys: true) == PythonText.Json(b, sortKeys: true);

    private static IEnumerable<string> Keys(ParameterCache files, ParameterSet set) => ParameterFile.Flatten(files.Read(set.FullPath, set.Path)).Select(p => p.Key);
}
