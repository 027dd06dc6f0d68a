using YamlDotNet.RepresentationModel;

namespace Ci.Reporting;

/// <summary>A mapping of <c>card.yaml</c>: known keys only, each with the kind of value that it wants.</summary>
internal sealed class CardMap
{
    private readonly string file;
    private readonly YamlMappingNode node;
    private readonly Dictionary<string, YamlNode> values = new(StringComparer.Ordinal);

    public CardMap(string file, YamlNode node, string what, string[] known)
    {
        this.file = file;
        this.node = node as YamlMappingNode
            ?? throw new ReportException($"{file}:{node.Start.Line}: {what} must be a mapping with the keys {string.Join(", ", known)}");
        foreach (var (key, value) in this.node)
        {
            if (key is not YamlScalarNode { Value: { } name } || !known.Contains(name, StringComparer.Ordinal))
                throw new ReportException($"{file}:{key.Start.Line}: {what} has no key `{PlainText.Clean(key.ToString(), 60)}`; its keys are {string.Join(", ", known)}");
            this.values[name] = value;
        }
    }

    public CardMap? Inner(string key, string[] known) => this.values.TryGetValue(key, out var value) ? new CardMap(this.file, value, $"`{key}`", known) : null;

    /// <summary>A text of one line; null where it is absent or empty.</summary>
    public string? Line(string key, int longest) => !this.values.TryGetValue(key, out var value) ? null : this.Line(key, value, longest) is { Length: > 0 } line ? line : null;

    /// <summary>A list of lines; one line alone is a list of one.</summary>
    public IReadOnlyList<string> Lines(string key, int most, int longest)
    {
        if (!this.values.TryGetValue(key, out var value))
            return [];
        var items = value is YamlSequenceNode list ? list.Children : [value];
        if (items.Count > most)
            throw this.Error(key, $"`{key}` has {items.Count} entries; at most {most} are read");
        return [.. items.Select(item => this.Line(key, item, longest)).Where(line => line.Length > 0)];
    }

    /// <summary>A text whose paragraphs are parted by empty lines, or a list of such texts.</summary>
    public IReadOnlyList<string> Paragraphs(string key, int longest)
    {
        if (!this.values.TryGetValue(key, out var value))
            return [];
        var texts = (value is YamlSequenceNode list ? list.Children : [value]).Select(item => this.Text(key, item)).ToList();
        if (texts.Sum(text => text.Length) > longest)
            throw this.Error(key, $"`{key}` has {Numbers.Count(texts.Sum(text => text.Length))} characters; at most {Numbers.Count(longest)} are read");
        return [.. texts.SelectMany(text => text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
    }

    public ReportException Error(string key, string message) => new($"{this.file}:{(this.values.GetValueOrDefault(key) ?? this.node).Start.Line}: {message}");

    private string Line(string key, YamlNode node, int longest)
    {
        var text = this.Text(key, node).Trim();
        if (text.Length > longest || text.Contains('\n', StringComparison.Ordinal))
            throw new ReportException($"{this.file}:{node.Start.Line}: `{key}` must be one line of at most {longest} characters");
        return text;
    }

    private string Text(string key, YamlNode node) => node is YamlScalarNode scalar
        ? scalar.Value ?? ""
        : throw new ReportException($"{this.file}:{node.Start.Line}: `{key}` must be a text{(key is "title" or "language" or "license" or "schema" ? "" : " or a list of texts")}");
}
