using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Ci.Training.Parameters;

/// <summary>Reads one YAML mapping key by key and gathers every fault; <see cref="Finish"/> throws them all at once.</summary>
internal sealed class ParameterSection(YamlMappingNode map, string where)
{
    private readonly List<string> problems = [];
    private readonly List<string> known = [];
    private YamlMappingNode? inner;
    private IReadOnlyList<string> innerNames = [];

    /// <summary>
    /// From here on parameters may also stand in a mapping of their own under the section, one per kind: changing the kind is then a change
    /// of one line. The mappings of other kinds are left alone.
    /// </summary>
    public void Enter(string kind, IReadOnlyList<string> kinds)
    {
        this.innerNames = kinds;
        if (map.Children.TryGetValue(new YamlScalarNode(kind), out var node))
        {
            this.inner = node as YamlMappingNode;
            if (this.inner is null)
                this.Fault(kind, $"expected a mapping of the parameters of {kind}", node);
        }
    }

    public double Number(NumberParameter parameter)
    {
        this.known.Add(parameter.Name);
        if (this.Find(parameter.Name) is not { } node)
            return parameter.Default;
        if (node is YamlScalarNode { Value: { } text }
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= parameter.Min && value <= parameter.Max && (!parameter.Whole || value == Math.Floor(value)))
        {
            return value;
        }

        this.Fault(parameter.Name, $"`{Shown(node)}` should be {parameter.Range}", node);
        return parameter.Default;
    }

    public int Integer(NumberParameter parameter) => (int)this.Number(parameter);

    public string Choice(ChoiceParameter parameter)
    {
        this.known.Add(parameter.Name);
        if (this.Find(parameter.Name) is not { } node)
            return parameter.Default;
        if (node is YamlScalarNode { Value: { } text } && parameter.Choices.Contains(text, StringComparer.Ordinal))
            return text;
        this.Fault(parameter.Name, $"`{Shown(node)}` should be one of {string.Join(", ", parameter.Choices)}", node);
        return parameter.Default;
    }

    /// <summary>A word that must be there; an empty one after a fault.</summary>
    public string Required(string name, string what)
    {
        this.known.Add(name);
        var node = this.Find(name);
        if (node is YamlScalarNode { Value: { Length: > 0 } text })
            return text;
        this.problems.Add(node is null ? $"`{name}` is missing: {what}" : $"`{name}` (line {node.Start.Line}): expected {what}");
        return "";
    }

    /// <summary>A word that may be there.</summary>
    public string? Word(string name)
    {
        this.known.Add(name);
        var node = this.Find(name);
        if (node is not null and not YamlScalarNode { Value.Length: > 0 })
            this.Fault(name, "expected one word", node);
        return (node as YamlScalarNode)?.Value;
    }

    /// <summary>A list of words, or one word alone; empty where the key is absent.</summary>
    public IReadOnlyList<string> Words(string name)
    {
        this.known.Add(name);
        switch (this.Find(name))
        {
            case null:
                return [];
            case YamlScalarNode { Value: { Length: > 0 } word }:
                return [word];
            case YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode { Value.Length: > 0 }):
                return [.. list.Children.Select(item => ((YamlScalarNode)item).Value!)];
            case var node:
                this.Fault(name, "expected a list of column names or patterns", node);
                return [];
        }
    }

    public void Problem(string text) => this.problems.Add(text);

    /// <summary>Says all that was found wrong.</summary>
    /// <exception cref="TrainingParameterException">Anything was wrong, unknown keys included.</exception>
    public void Finish(string ofWhat, bool judgeUnknown = true)
    {
        if (judgeUnknown)
        {
            this.JudgeUnknown(map, this.innerNames, ofWhat);
            if (this.inner is not null)
                this.JudgeUnknown(this.inner, [], ofWhat);
        }

        if (this.problems.Count > 0)
            throw new TrainingParameterException(where, this.problems);
    }

    private void JudgeUnknown(YamlMappingNode keys, IReadOnlyList<string> alsoKnown, string ofWhat)
    {
        foreach (var (key, _) in keys)
        {
            if (key is not YamlScalarNode { Value: { } name } || !(this.known.Contains(name, StringComparer.Ordinal) || alsoKnown.Contains(name, StringComparer.Ordinal)))
                this.problems.Add($"`{key}` (line {key.Start.Line}) is no parameter of {ofWhat}; known are {string.Join(", ", this.known)}");
        }
    }

    private YamlNode? Find(string name)
    {
        var key = new YamlScalarNode(name);
        return (this.inner is not null && this.inner.Children.TryGetValue(key, out var node)) || map.Children.TryGetValue(key, out node) ? node : null;
    }

    private void Fault(string name, string what, YamlNode node) => this.problems.Add($"`{name}` (line {node.Start.Line}): {what}");

    private static string Shown(YamlNode node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : "a list or mapping";
}
