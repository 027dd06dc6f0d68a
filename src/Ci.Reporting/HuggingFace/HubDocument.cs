using YamlDotNet.RepresentationModel;

namespace Ci.Reporting;

/// <summary>A README in its parts: the front matter between two lines of three dashes, and the rest. Nothing of it is changed by being read.</summary>
internal sealed record HubDocument(string Head, string Yaml, string Tail, YamlMappingNode? Root, string NewLine)
{
    /// <summary>Characters that a README may have.</summary>
    public const int MostCharacters = 4 << 20;

    public bool HasFrontMatter => this.Head.TrimStart('\ufeff').Length > 0;

    /// <summary>Parts a text. <see cref="Head"/>, <see cref="Yaml"/> and <see cref="Tail"/> put together are the text again.</summary>
    /// <exception cref="ReportException">Too long; front matter that does not end, is no YAML, or is not a mapping.</exception>
    public static HubDocument Read(string text, string file)
    {
        if (text.Length > MostCharacters)
            throw new ReportException($"{file} has {Numbers.Count(text.Length)} characters; at most {Numbers.Count(MostCharacters)} are read");
        var newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var start = text.StartsWith('\ufeff') ? 1 : 0;
        if (!IsDashes(LineAt(text, start)))
            return new HubDocument(text[..start], "", text[start..], null, newLine);
        var first = NextLine(text, start);
        for (var at = first; at < text.Length; at = NextLine(text, at))
        {
            if (!IsDashes(LineAt(text, at)))
                continue;
            var yaml = text[first..at];
            var root = CardYaml.Read(yaml, file, firstLine: 2);
            return root is null or YamlMappingNode
                ? new HubDocument(text[..first], yaml, text[at..], root as YamlMappingNode, newLine)
                : throw new ReportException($"{file}:2: the front matter must be a mapping such as `license: apache-2.0`");
        }

        throw new ReportException($"{file}:1: the front matter begins with --- and does not end; close it with a line of ---");
    }

    private static bool IsDashes(ReadOnlySpan<char> line) => line.TrimEnd().SequenceEqual("---");

    private static ReadOnlySpan<char> LineAt(string text, int at)
    {
        var rest = text.AsSpan(at);
        var end = rest.IndexOf('\n');
        return end < 0 ? rest : rest[..end];
    }

    private static int NextLine(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : text.Length;
}
