using System.Text;
using Ci.Data;
using Ci.Data.Yaml;
using Ci.Pipelines.Parameters;

namespace Ci.Pipelines.Experiments;

/// <summary>Sets parameters in the text of their file. Layout and comments stay; the result is read again and compared before it is used.</summary>
public static class ParameterEditor
{
    /// <summary>The file's bytes with the changes.</summary>
    /// <param name="file">How messages name it; its ending tells the format.</param>
    /// <param name="bytes">As it is now; null when it is not there.</param>
    /// <param name="changes">All of this file, in the order given.</param>
    /// <param name="rewritten">The layout could not be kept.</param>
    /// <exception cref="PipelineException">A key is not there (near ones are named), or is there although it should be added.</exception>
    public static byte[] Apply(string file, byte[]? bytes, IEnumerable<ParameterOverride> changes, out bool rewritten)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (bytes is null)
            throw new PipelineException($"`{file}` does not exist, so nothing can be set in it; parameters of another file are set by `-S FILE:KEY=VALUE`");
        var bom = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble);
        var text = Encoding.UTF8.GetString(bytes.AsSpan(bom ? 3 : 0));
        rewritten = false;
        foreach (var change in changes)
        {
            var values = ParameterFile.Parse(Encoding.UTF8.GetBytes(text), file) ?? new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            Check(file, values, change);
            var path = PathOf(values, change.Key);
            var expected = Changed(values, path, change, file);
            if (Same(values, expected))
                continue;
            var edited = Edited(text, file, path, change);
            if (edited is null || !Reads(edited, file, expected))
            {
                edited = Rewritten(file, expected);
                rewritten = true;
            }

            text = edited;
        }

        return [.. bom ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(text)];
    }

    private static void Check(string file, object values, ParameterOverride change)
    {
        var there = ParameterFile.TryFind(values, change.Key, out _);
        if (there && change.Kind == OverrideKind.Add)
            throw new PipelineException($"`{change.Key}` is in {file} already; set it by `-S {change.Key}=…`");
        if (there || change.Kind is OverrideKind.Add or OverrideKind.SetOrAdd)
            return;
        var known = ParameterFile.Flatten(values).Select(p => p.Key).SelectMany(Prefixes).Distinct(StringComparer.Ordinal).ToList();
        var add = change.Kind == OverrideKind.Set ? $"; to add it, write `-S +{change.Key}=…`" : "";
        throw new PipelineException($"`{file}` has no parameter `{change.Key}`{NearNames.Hint(change.Key, known)}{add}");
    }

    private static IEnumerable<string> Prefixes(string key)
    {
        for (var dot = key.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = key.IndexOf('.', dot + 1))
            yield return key[..dot];
        yield return key;
    }

    // A key may itself hold dots.
    private static string[] PathOf(object values, string key) => values is OrderedDictionary<string, object?> map && map.ContainsKey(key) ? [key] : key.Split('.');

    private static string? Edited(string text, string file, IReadOnlyList<string> path, ParameterOverride change)
    {
        try
        {
            if (IsToml(file))
                return change.Kind == OverrideKind.Remove ? new TomlEdit(text).Remove(path) : new TomlEdit(text).Set(path, change.Value);
            var edit = new YamlEdit(text, Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase));
            return change.Kind == OverrideKind.Remove ? edit.Remove(path) : edit.Set(path, change.Value);
        }
        catch (Exception error) when (error is YamlDotNet.Core.YamlException or PipelineException or ArgumentException)
        {
            return null;
        }
    }

    private static bool Reads(string text, string file, object expected)
    {
        try
        {
            return Same(ParameterFile.Parse(Encoding.UTF8.GetBytes(text), file), expected);
        }
        catch (Exception error) when (error is DataException or PipelineException)
        {
            return false;
        }
    }

    private static bool Same(object? a, object? b) => PythonText.Json(a) == PythonText.Json(b);

    private static string Rewritten(string file, object expected) => IsToml(file)
        ? throw new PipelineException($"{file}: this value cannot be set in place, and a TOML file is not written anew; edit it by hand")
        : Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetString(ExperimentValues.Indented(ExperimentValues.ToJson(expected)!, 4))
            : YamlWriter.Write((OrderedDictionary<string, object?>)expected);

    private static bool IsToml(string file) => Path.GetExtension(file).Equals(".toml", StringComparison.OrdinalIgnoreCase);

    private static object Changed(object values, IReadOnlyList<string> path, ParameterOverride change, string file)
    {
        switch (values)
        {
            case OrderedDictionary<string, object?> map:
                var copy = new OrderedDictionary<string, object?>(map, StringComparer.Ordinal);
                if (path.Count > 1)
                    copy[path[0]] = Changed(copy.GetValueOrDefault(path[0]) ?? new OrderedDictionary<string, object?>(StringComparer.Ordinal), [.. path.Skip(1)], change, file);
                else if (change.Kind == OverrideKind.Remove)
                    copy.Remove(path[0]);
                else
                    copy[path[0]] = change.Value;
                return copy;
            case IReadOnlyList<object?> list when int.TryParse(path[0], out var index) && index >= 0 && index < list.Count:
                var items = list.ToList();
                if (path.Count > 1)
                    items[index] = Changed(items[index] ?? new OrderedDictionary<string, object?>(StringComparer.Ordinal), [.. path.Skip(1)], change, file);
                else if (change.Kind == OverrideKind.Remove)
                    items.RemoveAt(index);
                else
                    items[index] = change.Value;
                return items;
            default:
                throw new PipelineException($"{file}: `{change.Key}` goes through a value that has no keys");
        }
    }
}
