using System.Text;
using YamlDotNet.RepresentationModel;

namespace Ci.Reporting;

/// <summary>
/// A card as the Hub's README: front matter with the <c>model-index</c>, and the card as Markdown between two markers. An update
/// replaces our result in the front matter and what stands between the markers; everything else stays byte for byte.
/// </summary>
public static class HubCard
{
    private const string Begin = "<!-- mlops card: begin. What stands between these two lines is replaced by `mlops card create --update`. -->";
    private const string BeginMark = "<!-- mlops card: begin";
    private const string End = "<!-- mlops card: end -->";

    /// <summary>A README of its own. Ends in a line feed.</summary>
    public static string Create(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return $"---\n{FrontMatter(card)}---\n\n{Section(card)}";
    }

    /// <summary>A README that people wrote, with our parts made new or added.</summary>
    /// <param name="readme">Its text.</param>
    /// <param name="card">The card.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="ReportException">Its front matter cannot be read or is written so that a part of it cannot be replaced, or its markers are not a pair.</exception>
    public static string Update(string readme, ModelCard card, string file)
    {
        ArgumentNullException.ThrowIfNull(readme);
        ArgumentNullException.ThrowIfNull(card);
        var document = HubDocument.Read(readme, file);
        var tail = WithSection(document, card, file);
        if (!document.HasFrontMatter)
            return document.Head + Lines($"---\n{FrontMatter(card)}---\n\n", document) + tail;
        var yaml = document.Yaml.Length == 0 || document.Yaml.EndsWith('\n') ? document.Yaml : document.Yaml + document.NewLine;
        var known = document.Root?.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value).ToHashSet(StringComparer.Ordinal) ?? [];
        var added = string.Concat(HubResult.Fields(card).Where(field => !known.Contains(field.Key)).Select(field => HubYaml.Entry(field.Key, field.Value)));
        yaml = HubIndexEdit.Put(document with { Yaml = yaml }, HubResult.NameOf(card), HubResult.Of(card), file);
        return document.Head + yaml + Lines(added, document) + tail;
    }

    /// <summary>What the file says otherwise than the card would; people's words are left as they are.</summary>
    public static IReadOnlyList<string> Differences(string readme, ModelCard card, string file)
    {
        ArgumentNullException.ThrowIfNull(card);
        var root = HubDocument.Read(readme, file).Root;
        return [.. HubResult.Fields(card)
            .Where(field => field.Value is YamlScalarNode && root is not null && root.Children.TryGetValue(new YamlScalarNode(field.Key), out var theirs) && theirs is YamlScalarNode scalar && scalar.Value != ((YamlScalarNode)field.Value).Value)
            .Select(field => $"{file} says {field.Key}: {PlainText.Clean(root!.Children[new YamlScalarNode(field.Key)].ToString(), 60)}, the card {PlainText.Clean(field.Value.ToString(), 60)}; left as it is")];
    }

    private static string FrontMatter(ModelCard card)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in HubResult.Fields(card))
            text.Append(HubYaml.Entry(key, value));
        return text.Append(HubIndexEdit.Index(HubResult.NameOf(card), HubResult.Of(card))).ToString();
    }

    private static string Section(ModelCard card) => $"{Begin}\n\n{CardMarkdown.Render(card)}\n{End}\n";

    private static string WithSection(HubDocument document, ModelCard card, string file)
    {
        var (tail, section) = (document.Tail, Lines(Section(card), document));
        var (begins, ends) = Markers(tail);
        if (begins.Count == 0 && ends.Count == 0)
            return tail + (tail.Length == 0 || tail.EndsWith('\n') ? "" : document.NewLine) + (tail.Trim().Length == 0 ? "" : document.NewLine) + section;
        if (begins.Count != 1 || ends.Count != 1 || ends[0].Start < begins[0].Start)
            throw new ReportException($"{file}: the lines `{BeginMark} …` and `{End}` must stand once each, in this order ({begins.Count} and {ends.Count} are there); remove both, and the card is put at the end");
        return tail[..begins[0].Start] + section + tail[ends[0].End..];
    }

    // Lines that are our markers, outside of code.
    private static (List<(int Start, int End)> Begins, List<(int Start, int End)> Ends) Markers(string text)
    {
        var (begins, ends) = (new List<(int, int)>(), new List<(int, int)>());
        string? fence = null;
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) is >= 0 and var feed ? feed + 1 : text.Length;
            var line = text[at..end].TrimEnd();
            var bare = line.TrimStart();
            if (fence is null && (bare.StartsWith("```", StringComparison.Ordinal) || bare.StartsWith("~~~", StringComparison.Ordinal)))
                fence = bare[..3];
            else if (fence is not null && bare.StartsWith(fence, StringComparison.Ordinal) && bare.Trim(fence[0]).Length == 0)
                fence = null;
            else if (fence is null && line.StartsWith(BeginMark, StringComparison.Ordinal) && line.EndsWith("-->", StringComparison.Ordinal))
                begins.Add((at, end));
            else if (fence is null && line == End)
                ends.Add((at, end));
            at = end;
        }

        return (begins, ends);
    }

    private static string Lines(string text, HubDocument document) => document.NewLine == "\n" ? text : text.ReplaceLineEndings(document.NewLine);
}
