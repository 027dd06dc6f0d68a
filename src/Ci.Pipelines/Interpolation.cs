using System.Globalization;
using System.Numerics;
using System.Text;
using Ci.Data;
using Ci.Pipelines.Parameters;

namespace Ci.Pipelines;

/// <summary>
/// Fills <c>${a.b[0]}</c> by DVC's rules: from the parameters file, <c>vars</c> and, inside <c>foreach</c> and <c>matrix</c>,
/// <c>item</c> and <c>key</c>; <c>\${…}</c> stays as <c>${…}</c>; in a command a map becomes options (<c>--lr 0.1 --flag</c>).
/// </summary>
internal sealed class Interpolation
{
    private readonly OrderedDictionary<string, object?> values = new(StringComparer.Ordinal);
    private readonly List<(string FullPath, object? Values)> files = [];
    private readonly HashSet<(string FullPath, string Key)> used = [];
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
        (this.values, this.files) = (new(from.values, StringComparer.Ordinal), [.. from.files]);
        (this.used, this.namesFalseFlags, this.repeatsListOptions) = (from.used, from.namesFalseFlags, from.repeatsListOptions);
    }

    /// <summary>The keys that were filled in from files, in this and in all that came from it: they are parameters of the pipeline.</summary>
    public IReadOnlyCollection<(string FullPath, string Key)> Used => this.used;

    /// <summary>A copy that can take a stage's own <c>vars</c>; names given here stand over what was there.</summary>
    public Interpolation With(params ReadOnlySpan<(string Name, object? Value)> names)
    {
        var copy = new Interpolation(this);
        foreach (var (name, value) in names)
            copy.values[name] = value;
        return copy;
    }

    /// <summary>Adds a file's values.</summary>
    /// <param name="file">Absolute.</param>
    /// <param name="shown">How messages name it.</param>
    /// <param name="keys">Only these top-level keys; none means all.</param>
    public void AddFile(string file, string shown, IReadOnlyList<string> keys)
    {
        var all = ParameterFile.Read(file, shown);
        if (keys.Count > 0)
        {
            var some = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            foreach (var key in keys)
                some[key] = ParameterFile.TryFind(all, key, out var value) ? value : throw new PipelineException($"{shown}: has no `{key}`, which `vars` asks for");
            all = some;
        }

        this.Add(all, shown);
        this.files.Add((file, all));
    }

    /// <summary>Adds values; maps are merged, and a name that is there already must not change its value.</summary>
    public void Add(object? source, string where)
    {
        if (source is null)
            return;
        if (source is not OrderedDictionary<string, object?> map)
            throw new PipelineException($"{where}: expected keys with values to fill in");
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
            case string text when text.StartsWith("${", StringComparison.Ordinal) && text.IndexOf('}', StringComparison.Ordinal) == text.Length - 1:
                return this.Find(text[2..^1].Trim(), where);
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

    private static void Merge(OrderedDictionary<string, object?> into, OrderedDictionary<string, object?> update, string where)
    {
        foreach (var (key, value) in update)
        {
            var exists = into.TryGetValue(key, out var old);
            if (old is OrderedDictionary<string, object?> a && value is OrderedDictionary<string, object?> b)
            {
                // Into a map of its own: the old one may belong to a file or to another stage.
                var merged = new OrderedDictionary<string, object?>(a, StringComparer.Ordinal);
                Merge(merged, b, $"{where}, `{key}`");
                into[key] = merged;
                continue;
            }

            if (exists && PythonText.Json(old) != PythonText.Json(value))
                throw new PipelineException($"{where}: `{key}` has another value already; one name has one value");
            into[key] = value;
        }
    }

    private string Fill(string text, string where, bool isCommand)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        var result = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("${", at, StringComparison.Ordinal);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                result.Append(text, at, text.Length - at);
                break;
            }

            if (open > at && text[open - 1] == '\\')
                result.Append(text, at, open - 1 - at).Append(text, open, close + 1 - open);
            else
                result.Append(text, at, open - at).Append(this.TextOf(text[(open + 2)..close].Trim(), where, isCommand));
            at = close + 1;
        }

        return result.ToString();
    }

    private string TextOf(string path, string where, bool isCommand)
    {
        var value = this.Find(path, where);
        if (isCommand && value is OrderedDictionary<string, object?> map)
            return CommandOptions.Of(map, this.namesFalseFlags, this.repeatsListOptions, $"{where}: `${{{path}}}`");
        return TextOf(value) ?? throw new PipelineException($"{where}: `${{{path}}}` is a list or has keys of its own; only single values can be filled in here");
    }

    private object? Find(string path, string where)
    {
        var key = path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        if (key.Length == 0 || !ParameterFile.TryFind(this.values, key, out var value))
            throw new PipelineException($"{where}: could not find `{path}` to fill in; it stands neither in params.yaml nor in `vars`{NearNames.Hint(path, this.values.Keys)}");
        foreach (var (file, known) in this.files)
        {
            if (ParameterFile.TryFind(known, key, out _))
                this.used.Add((file, key));
        }

        return value;
    }
}
