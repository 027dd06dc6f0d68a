using YamlDotNet.RepresentationModel;

namespace Ci.Reporting;

/// <summary>The lines of a front matter with their line ends; numbered from 1, as the parser does.</summary>
internal sealed class FrontMatterLines
{
    private readonly List<string> lines = [];

    public FrontMatterLines(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) is >= 0 and var feed ? feed + 1 : text.Length;
            this.lines.Add(text[at..end]);
            at = end;
        }
    }

    /// <summary>The line of a list item's dash, which may stand above the item.</summary>
    public int FirstLineOf(YamlNode item)
    {
        var line = (int)item.Start.Line;
        if (this.Before(item).Trim() == "-")
            return line;
        while (line > 1 && !this.lines[line - 1].TrimStart().StartsWith('-'))
            line--;
        return line;
    }

    /// <summary>What stands before a list item's dash.</summary>
    public string IndentOf(YamlNode item)
    {
        var line = this.lines[this.FirstLineOf(item) - 1];
        return line[..line.IndexOf('-', StringComparison.Ordinal)];
    }

    public string After(int last, string text) => string.Concat([.. this.lines.Take(last), text, .. this.lines.Skip(last)]);

    public string Instead(int first, int last, string text) => string.Concat([.. this.lines.Take(first - 1), text, .. this.lines.Skip(last)]);

    private string Before(YamlNode item) => this.lines[(int)item.Start.Line - 1][..((int)item.Start.Column - 1)];
}
