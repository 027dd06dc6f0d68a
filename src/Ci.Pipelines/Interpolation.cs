using System.Globalization;
using System.Numerics;
using System.Text;
using Ci.Data;
using Ci.Data.Yaml;

namespace Ci.Pipelines;

/// <summary>
/// Fills <c>${a.b[0]}</c> by DVC's rules: from the parameters file, <c>vars</c> and, inside <c>foreach</c> and <c>matrix</c>,
/// <c>item</c> and <c>key</c>; <c>\${…}</c> stays as <c>${…}</c>; in a command a map becomes options (<c>--lr 0.1 --flag</c>).
/// </summary>
internal sealed class Interpolation
{
    private readonly OrderedDictionary<string, object?> values = new(StringComparer.Ordinal);
    private readonly List<(string FullPath, object? Values)> files = [];
    private readonly Dictionary<string, HashSet<string>?> loaded = new(StringComparer.Ordinal);
    private readonly HashSet<FilledKey> used = [];
    private readonly HashSet<string> reserved = new(StringComparer.Ordinal);
    private readonly bool namesFalseFlags;
    private readonly bool repeatsListOptions;

    /// <summary>Begins with nothing known.</summary>
    /// <param name="config">Its section <c>parsing</c> says how maps become options.</param>
    public Interpolation(ProjectConfig config)
    {
        this.namesFalseFlags = config["parsing.bool"] == "boolean_optional";
        this.repeatsListOptions = config["parsing.list"] == "append";
    }

    private Interpolation(Interpolation from)
    {
        (this.values, this.files, this.reserved) = (new(from.values, StringComparer.Ordinal), [.. from.files], new(from.reserved, StringComparer.Ordinal));
        this.loaded = from.loaded.ToDictionary(l => l.Key, l => l.Value is null ? null : new HashSet<string>(l.Value, StringComparer.Ordinal), StringComparer.Ordinal);
        (this.used, this.namesFalseFlags, this.repeatsListOptions) = (from.used, from.namesFalseFlags, from.repeatsListOptions);
    }

    /// <summary>The keys that were filled in from files, in this and in all that came from it: they are parameters of the pipeline.</summary>
    public IReadOnlyCollection<FilledKey> Used => this.used;

    /// <summary>Whether a name is known.</summary>
    public bool Has(string name) => this.values.ContainsKey(name);

    /// <summary>A copy that can take a stage's own <c>vars</c>; names given here stand over what was there, and nothing may change them.</summary>
    public Interpolation With(params ReadOnlySpan<(string Name, object? Value)> names)
    {
        var copy = new Interpolation(this);
        foreach (var (name, value) in names)
        {
            copy.values[name] = value;
            copy.reserved.Add(name);
        }

        return copy;
    }

    /// <summary>Adds a file's values. The same whole file may be asked for again; parts of a file only once each.</summary>
    /// <param name="file">Absolute.</param>
    /// <param name="shown">How messages name it.</param>
    /// <param name="keys">Only these top-level keys; none means all.</param>
    /// <param name="where">Who asks, for messages.</param>
    public void AddFile(string file, string shown, IReadOnlyList<string> keys, string where)
    {
        if (this.loaded.TryGetValue(file, out var before))
        {
            if (before is null && keys.Count == 0)
                return;
            if (before is null || keys.Count == 0 || keys.Any(before.Contains))
                throw new PipelineException($"{where}: `vars` names {shown} again: it is loaded {(before is null ? "whole" : "in part")} already; name the file once, whole or with all keys that are needed");
        }

        if (Parameters.ParameterFile.Read(file, shown) is not OrderedDictionary<string, object?> all)
            throw new PipelineException($"{where}: {shown} holds no keys with values, so nothing can be filled in from it");
        var some = keys.Count == 0 ? all : Chosen(all, keys, shown, where);
        this.Add(some, $"{where}: {shown}");
        this.files.Add((file, some));
        this.loaded[file] = keys.Count == 0 ? null : [.. before ?? [], .. keys];
    }

    /// <summary>Adds values; maps are merged, and a name that is there already must not be given again.</summary>
    public void Add(object? source, string where)
    {
        if (source is not OrderedDictionary<string, object?> map)
            throw new PipelineException($"{where}: expected keys with values to fill in");
        if (map.Keys.FirstOrDefault(this.reserved.Contains) is { } taken)
            throw new PipelineException($"{where}: `{taken}` means the item of `foreach` or `matrix` here; choose another name");
        Merge(this.values, map, where);
    }

    /// <summary>A text with everything filled in; only single values may stand in it.</summary>
    public string Fill(string text, string where) => this.Fill(text, where, isCommand: false);

    /// <summary>As <see cref="Fill(string, string)"/>; a map becomes options.</summary>
    public string FillCommand(string text, string where) => this.Fill(text, where, isCommand: true);

    /// <summary>Plain values with everything filled in; a text that is one <c>${…}</c> becomes what it stands for, whatever that is.</summary>
    public object? Resolve(object? value, string where)
    {
        switch (value)
        {
            case string text when Placeholder.Whole(text) is { } path:
                return this.Find(path, where);
            case string text:
                return this.Fill(text, where);
            case OrderedDictionary<string, object?> map:
                var filled = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
                foreach (var (key, inner) in map)
                    filled[this.Fill(key, where)] = this.Resolve(inner, where);
                return filled;
            case IReadOnlyList<object?> list:
                return list.Select(inner => this.Resolve(inner, where)).ToList();
            default:
                return value;
        }
    }

    /// <summary>A single value as it stands in a text; null when it is a list or a map.</summary>
    public static string? TextOf(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "true" : "false",
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => PythonText.OfDouble(number),
        _ => null,
    };

    private static OrderedDictionary<string, object?> Chosen(OrderedDictionary<string, object?> all, IReadOnlyList<string> keys, string shown, string where)
    {
        var some = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var key in keys)
            some[key] = all.TryGetValue(key, out var value) ? value : throw new PipelineException($"{where}: {shown} has no `{key}` at its top level, which `vars` asks for{NearNames.Hint(key, all.Keys)}");
        return some;
    }

    private static void Merge(OrderedDictionary<string, object?> into, OrderedDictionary<string, object?> update, string where)
    {
        foreach (var (key, value) in update)
        {
            // Only texts can be named in a template.
            if (update is YamlMap typed && !typed.IsText(key))
                continue;
            var exists = into.TryGetValue(key, out var old);
            if (old is OrderedDictionary<string, object?> a && value is OrderedDictionary<string, object?> b)
            {
                // Into a map of its own: the old one may belong to a file or to another stage.
                var merged = new OrderedDictionary<string, object?>(a, StringComparer.Ordinal);
                Merge(merged, b, $"{where}, `{key}`");
                into[key] = merged;
                continue;
            }

            if (exists)
                throw new PipelineException($"{where}: `{key}` has a value already; one name is given once: in params.yaml, in one file of `vars` or in `vars` itself");
            into[key] = value;
        }
    }

    private string Fill(string text, string where, bool isCommand)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        var result = new StringBuilder();
        var at = 0;
        foreach (var (start, end) in Placeholder.In(text))
        {
            result.Append(text, at, start - at).Append(this.TextOf(text[(start + 2)..(end - 1)], where, isCommand));
            at = end;
        }

        return result.Append(text, at, text.Length - at).Replace("\\${", "${").ToString();
    }

    private string TextOf(string path, string where, bool isCommand)
    {
        var value = this.Find(path, where);
        if (isCommand && value is OrderedDictionary<string, object?> map)
            return CommandOptions.Of(map, this.namesFalseFlags, this.repeatsListOptions, $"{where}: `${{{path}}}`");
        return TextOf(value) ?? throw new PipelineException($"{where}: `${{{path}}}` is a {(value is IReadOnlyList<object?> ? "list" : "map")}; only single values can be filled in here");
    }

    private object? Find(string path, string where)
    {
        var parts = Placeholder.Parts(path) ?? throw new PipelineException($"{where}: `${{{path}}}` is no name to fill in; write it as ${{a.b}} or ${{a[0]}}, or \\${{…}} where the shell is to see it");
        object? value = this.values;
        foreach (var part in parts)
        {
            if (!Placeholder.TryStep(value, part, out value))
                throw new PipelineException($"{where}: could not find `{path}` to fill in; it stands neither in params.yaml nor in `vars`{NearNames.Hint(path, this.values.Keys)}");
        }

        var key = string.Join('.', parts);
        foreach (var (file, known) in this.files)
        {
            if (Placeholder.Has(known, parts))
                this.used.Add(new FilledKey(file, key));
        }

        return value;
    }
}
