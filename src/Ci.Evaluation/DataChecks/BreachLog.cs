using System.Text;

namespace Ci.Evaluation;

/// <summary>The rows that break one rule: how many, the first lines, some of the cells.</summary>
internal sealed class BreachLog(string rule, string expected)
{
    public const int Most = 5;
    private const int LongestExample = 80;

    private readonly List<long> lines = [];
    private readonly List<string> examples = [];

    public long Count { get; private set; }

    public void Add(long line, ReadOnlySpan<byte> cell)
    {
        this.Count++;
        if (this.lines.Count < Most)
            this.lines.Add(line);
        if (this.examples.Count < Most)
            this.Keep(Text(cell));
    }

    /// <summary>A breach where the rule is broken by so much as one row; null where it is not.</summary>
    public Breach? ToBreach(string column, long rows) => this.Count == 0 ? null : new Breach
    {
        Column = column, Rule = rule, Expected = expected, Count = this.Count, Share = (double)this.Count / rows, Lines = this.lines, Examples = this.examples,
    };

    /// <summary>A cell as messages show it.</summary>
    public static string Text(ReadOnlySpan<byte> cell)
    {
        var text = Encoding.UTF8.GetString(cell.Length > 4 * LongestExample ? cell[..(4 * LongestExample)] : cell);
        if (text.Length <= LongestExample)
            return text;
        return text[..(char.IsHighSurrogate(text[LongestExample - 1]) ? LongestExample - 1 : LongestExample)] + "…";
    }

    private void Keep(string example)
    {
        if (!this.examples.Contains(example, StringComparer.Ordinal))
            this.examples.Add(example);
    }
}
