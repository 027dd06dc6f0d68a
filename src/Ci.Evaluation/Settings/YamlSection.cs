using System.Globalization;
using Ci.Statistics;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ci.Evaluation;

/// <summary>A mapping of a YAML file, read strictly: unknown keys are refused with their line and the known ones.</summary>
internal sealed class YamlSection
{
    private const int LongestFile = 1 << 20;

    private readonly string file;
    private readonly YamlMappingNode node;
    private readonly Dictionary<string, YamlNode> values = new(StringComparer.Ordinal);

    public YamlSection(string file, YamlNode node, string what, params string[] known)
    {
        this.file = file;
        if (node is not YamlMappingNode map)
            throw new EvaluationException($"{file}:{node.Start.Line}: {what} must be a mapping with the keys {string.Join(", ", known)}");
        this.node = map;
        foreach (var (key, value) in map)
        {
            if (key is not YamlScalarNode { Value: { } name } || (known.Length > 0 && !known.Contains(name, StringComparer.Ordinal)))
                throw new EvaluationException($"{file}:{key.Start.Line}: {what} has no key `{Short(key.ToString())}`; {Near(key.ToString(), known)}its keys are {string.Join(", ", known)}");
            this.values[name] = value;
        }
    }

    /// <summary>The root mapping of a text of at most 1 MiB; null where the text holds nothing.</summary>
    public static YamlNode? Root(string yaml, string file)
    {
        if (yaml.Length > LongestFile)
            throw new EvaluationException($"{file}: longer than {LongestFile} characters");
        var stream = new YamlStream();
        try
        {
            using var reader = new StringReader(yaml);
            stream.Load(reader);
        }
        catch (YamlException error)
        {
            throw new EvaluationException($"{file}:{error.Start.Line}: not valid YAML: {error.Message}", error);
        }

        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
    }

    /// <summary>The line (from 1) on which the mapping begins.</summary>
    public long Line => this.node.Start.Line;

    /// <summary>The keys that are there, in the file's order.</summary>
    public IEnumerable<string> Names => this.values.Keys;

    public YamlNode? Node(string key) => this.values.GetValueOrDefault(key);

    /// <summary>A mapping below a key; an empty one where the key is absent.</summary>
    public YamlSection Inner(string key, params string[] known) => new(this.file, this.Node(key) ?? new YamlMappingNode(), $"`{key}`", known);

    public string? Text(string key) => this.Node(key) switch
    {
        null => null,
        YamlScalarNode { Value: { } text } => text,
        var other => throw this.Wrong(other, key, "a text"),
    };

    public string NeedText(string key, string example) =>
        this.Text(key) is { Length: > 0 } text ? text : throw this.Error($"`{key}` is missing; write for example `{key}: {example}`");

    public double? Number(string key) => this.Node(key) switch
    {
        null => null,
        YamlScalarNode { Value: { } text } when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) => value,
        var other => throw this.Wrong(other, key, "a number"),
    };

    public bool? Truth(string key) => this.Node(key) switch
    {
        null => null,
        YamlScalarNode { Value: "true" } => true,
        YamlScalarNode { Value: "false" } => false,
        var other => throw this.Wrong(other, key, "true or false"),
    };

    /// <summary>The words allow and forbid.</summary>
    public bool? Allowed(string key) => this.Text(key) switch
    {
        null => null,
        "allow" => true,
        "forbid" => false,
        _ => throw this.Wrong(this.Node(key)!, key, "allow or forbid"),
    };

    public long? Whole(string key, long least, long most) => this.Number(key) switch
    {
        null => null,
        { } value when value >= least && value <= most && value == Math.Truncate(value) => (long)value,
        _ => throw this.Wrong(this.Node(key)!, key, $"a whole number from {least} to {most}"),
    };

    /// <summary>A list of texts; one text alone counts as a list of one.</summary>
    public IReadOnlyList<string> Texts(string key) => this.Node(key) switch
    {
        null => [],
        YamlScalarNode { Value: { Length: > 0 } one } => [one],
        YamlScalarNode => [],
        YamlSequenceNode list => [.. list.Select(item => item is YamlScalarNode { Value: { } text } ? text : throw this.Wrong(item, key, "a list of texts"))],
        var other => throw this.Wrong(other, key, "a list of texts"),
    };

    public EvaluationException Error(string message) => new($"{this.file}:{this.node.Start.Line}: {message}");

    public EvaluationException Error(string key, string message) => new($"{this.file}:{(this.Node(key) ?? this.node).Start.Line}: {message}");

    private EvaluationException Wrong(YamlNode node, string key, string wanted) =>
        new($"{this.file}:{node.Start.Line}: `{key}` must be {wanted}, not `{Short(node.ToString())}`");

    private static string Near(string key, IReadOnlyList<string> known) =>
        SimilarNames.Of(key, known, 1) is [var near] ? $"did you mean `{near}`? " : "";

    private static string Short(string text) => text.Length > 60 ? $"{text[..60]}…" : text;
}
