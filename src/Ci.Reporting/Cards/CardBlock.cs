using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>A piece of a card's section, as data: every rendering says the same.</summary>
internal abstract record CardBlock
{
    /// <summary>A sentence or two of ours.</summary>
    public sealed record Text(string Words) : CardBlock;

    /// <summary>What people wrote: paragraphs in their language.</summary>
    public sealed record Said(IReadOnlyList<string> Paragraphs) : CardBlock;

    /// <summary>What people should have said and did not.</summary>
    public sealed record Absent(string Words) : CardBlock;

    public sealed record Warning(string Head, string Words) : CardBlock;

    public sealed record Table(string Name, ReportTable Content) : CardBlock;

    public sealed record Figure(FigureDrawing Drawing) : CardBlock;

    public sealed record Code(string Command) : CardBlock;
}
