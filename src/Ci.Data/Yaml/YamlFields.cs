using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Data.Yaml;

/// <summary>A mapping whose keys are all known: whatever nobody asked for is an error that names file, line and near keys.</summary>
public sealed class YamlFields
{
    private readonly Dictionary<string, YamlNode> fields = new(StringComparer.Ordinal);

    /// <summary>Checks a mapping's keys.</summary>
    /// <param name="node">Must be a mapping.</param>
    /// <param name="file">How messages name the file.</param>
    /// <param name="where">How messages name the mapping: <c>stage `train`</c>.</param>
    /// <param name="known">Every key that may stand here.</param>
    /// <exception cref="DataException">It is no mapping, or a key is unknown.</exception>
    public YamlFields(YamlNode node, string file, string where, params ReadOnlySpan<string> known)
    {
        ArgumentNullException.ThrowIfNull(node);
        this.File = file;
        this.Where = where;
        this.Node = node;
        if (node is not YamlMappingNode mapping)
            throw this.Error(node, "expected keys with values");
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (!known.Contains(name))
                throw this.Error(key, $"unknown key `{name}`{NearNames.Hint(name, known.ToArray())}; known keys are {string.Join(", ", known.ToArray())}");
            this.fields[name] = value;
        }
    }

    public string File { get; }

    public string Where { get; }

    public YamlNode Node { get; }

    /// <summary>The value, or null when the key is absent or empty.</summary>
    public YamlNode? this[string key] =>
        this.fields.GetValueOrDefault(key) is { } node && node is not YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" } ? node : null;

    public bool Has(string key) => this.fields.ContainsKey(key);

    /// <summary>A scalar's text as written, or null when the key is absent.</summary>
    public string? Text(string key) => this[key] switch
    {
        null => null,
        YamlScalarNode { Value: { } text } => text,
        var other => throw this.Error(other, $"`{key}` must be one value"),
    };

    public bool Flag(string key, bool otherwise) => this[key] switch
    {
        null => otherwise,
        var node when YamlReader.ValueOf(node, this.File) is bool flag => flag,
        var node => throw this.Error(node, $"`{key}` must be true or false"),
    };

    public long? Number(string key) => this[key] switch
    {
        null => null,
        var node when YamlReader.ValueOf(node, this.File) is long number and >= 0 => number,
        var node => throw this.Error(node, $"`{key}` must be a whole number, not negative"),
    };

    /// <summary>The items of a list; none when the key is absent.</summary>
    public IEnumerable<YamlNode> Items(string key) => this[key] switch
    {
        null => [],
        YamlSequenceNode list => list.Children,
        var other => throw this.Error(other, $"`{key}` must be a list"),
    };

    /// <summary>Where a node stands, as messages begin: <c>dvc.yaml:3: stage `train`</c>.</summary>
    public string At(YamlNode node) => $"{this.File}:{node.Start.Line}: {this.Where}";

    public DataException Error(YamlNode at, string message) => new($"{this.File}:{at.Start.Line}: {this.Where}: {message}");
}
