using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Ci.Training.Parameters;

/// <summary>Reads one YAML mapping key by key and gathers every fault; <see cref="Finish"/> throws them all at once.</summary>
internal sealed class ParameterSection(YamlMappingNode map, string where)
{
    private readonly List<string> problems = [];
    private readonly List<string> known = [];

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
        foreach (var (key, _) in map)
        {
            if (judgeUnknown && (key is not YamlScalarNode { Value: { } name } || !this.known.Contains(name, StringComparer.Ordinal)))
                this.problems.Add($"`{key}` (line {key.Start.Line}) is no parameter of {ofWhat}; known are {string.Join(", ", this.known)}");
        }

        if (this.problems.Count > 0)
            throw new TrainingParameterException(where, this.problems);
    }

    private YamlNode? Find(string name) => map.Children.TryGetValue(new YamlScalarNode(name), out var node) ? node : null;

    private void Fault(string name, string what, YamlNode node) => this.problems.Add($"`{name}` (line {node.Start.Line}): {what}");

    private static string Shown(YamlNode node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : "a list or mapping";
}
