using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ci.Pipelines.Experiments;

/// <summary>A node of a YAML (or JSON) text with where it stands in it.</summary>
internal sealed class YamlSpan
{
    public int Start { get; private init; }

    /// <summary>Behind the last character; of a collection in block style, behind that of its last entry.</summary>
    public int End { get; private set; }

    /// <summary>Of a scalar: its text.</summary>
    public string? Text { get; private init; }

    public ScalarStyle Style { get; private init; }

    public bool IsMapping { get; private init; }

    public bool IsFlow { get; private init; }

    /// <summary>Of a mapping with keys, of a sequence without.</summary>
    public List<(YamlSpan? Key, YamlSpan Value)> Entries { get; } = [];

    public bool IsCollection => this.Text is null;

    public bool IsEmptyScalar => this.Text is "" && this.Style == ScalarStyle.Plain && this.Start == this.End;

    /// <summary>The document's root; null when there is none, or more than one document.</summary>
    public static YamlSpan? Parse(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            return null;
        var root = Read(parser, 0);
        parser.Consume<DocumentEnd>();
        return parser.Accept<StreamEnd>(out _) ? root : null;
    }

    /// <summary>The entry of a key or of a place in a list; -1 when there is none.</summary>
    public int Find(string part) => this.IsMapping
        ? this.Entries.FindIndex(e => e.Key!.Text == part)
        : int.TryParse(part, out var index) && index >= 0 && index < this.Entries.Count ? index : -1;

    private static YamlSpan Read(Parser parser, int depth)
    {
        if (depth > 100)
            throw new PipelineException("nested too deeply");
        switch (parser.Current)
        {
            case Scalar scalar:
                parser.MoveNext();
                return new YamlSpan { Start = (int)scalar.Start.Index, End = (int)scalar.End.Index, Text = scalar.Value, Style = scalar.Style };
            case AnchorAlias alias:
                parser.MoveNext();
                return new YamlSpan { Start = (int)alias.Start.Index, End = (int)alias.End.Index, Text = "*", Style = ScalarStyle.Any };
            case MappingStart mapping:
                parser.MoveNext();
                var map = new YamlSpan { Start = (int)mapping.Start.Index, End = (int)mapping.End.Index, IsMapping = true, IsFlow = mapping.Style == MappingStyle.Flow };
                while (!parser.Accept<MappingEnd>(out _))
                    map.Entries.Add((Read(parser, depth + 1), Read(parser, depth + 1)));
                return map.Ended(parser.Consume<MappingEnd>());
            case SequenceStart sequence:
                parser.MoveNext();
                var list = new YamlSpan { Start = (int)sequence.Start.Index, End = (int)sequence.End.Index, IsFlow = sequence.Style == SequenceStyle.Flow };
                while (!parser.Accept<SequenceEnd>(out _))
                    list.Entries.Add((null, Read(parser, depth + 1)));
                return list.Ended(parser.Consume<SequenceEnd>());
            default:
                throw new PipelineException("this YAML cannot be edited in place");
        }
    }

    private YamlSpan Ended(ParsingEvent end)
    {
        // The scanner gives a closing bracket no width.
        this.End = this.IsFlow ? (int)end.Start.Index + 1 : this.Entries.Count > 0 ? this.Entries[^1].Value.End : this.End;
        return this;
    }
}
