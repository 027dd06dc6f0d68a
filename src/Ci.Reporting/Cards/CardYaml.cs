using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Ci.Reporting;

/// <summary>YAML of people and of strangers: one document, bounded in size, depth and number of values, and without aliases, which multiply.</summary>
internal static class CardYaml
{
    public const int MostCharacters = 256 << 10;

    private const int Deepest = 16;
    private const int MostValues = 20_000;

    /// <summary>The root; null where the text holds nothing.</summary>
    /// <param name="text">The document.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="firstLine">The line of the file on which the text begins, where it is a part of one.</param>
    /// <exception cref="ReportException">Not YAML, or beyond the bounds; with file and line.</exception>
    public static YamlNode? Read(string text, string file, int firstLine = 1)
    {
        if (text.Length > MostCharacters)
            throw new ReportException($"{file}: {Numbers.Count(text.Length)} characters of YAML; at most {Numbers.Count(MostCharacters)} are read");
        var stream = new YamlStream();
        var parser = new Bounded(new Parser(new StringReader(text)));
        try
        {
            stream.Load(parser);
        }
        catch (YamlException error)
        {
            throw new ReportException($"{file}:{error.Start.Line + firstLine - 1}: not valid YAML: {PlainText.Clean(error.Message)}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The library's own mistakes over some broken texts.
            throw new ReportException($"{file}:{(parser.Current?.End.Line ?? 1) + firstLine - 1}: not valid YAML, from here on", error);
        }

        if (stream.Documents.Count > 1)
            throw new ReportException($"{file}: holds {stream.Documents.Count} YAML documents; expected one");
        var root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
        return root is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" } ? null : root;
    }

    private sealed class Bounded(IParser inner) : IParser
    {
        private int depth;
        private int values;

        public ParsingEvent? Current => inner.Current;

        public bool MoveNext()
        {
            var moved = inner.MoveNext();
            this.depth += inner.Current?.NestingIncrease ?? 0;
            if (inner.Current is AnchorAlias)
                throw new YamlException(inner.Current.Start, inner.Current.End, "aliases (*name) are not read here; write the value out");
            if (this.depth > Deepest + 2)
                throw new YamlException(inner.Current!.Start, inner.Current.End, $"nested deeper than {Deepest} levels");
            return ++this.values <= MostValues ? moved : throw new YamlException(inner.Current!.Start, inner.Current.End, $"more than {MostValues} values");
        }
    }
}
