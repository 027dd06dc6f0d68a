namespace Ci.Reporting;

/// <summary>A report's Markdown within its limit, and what had to give way for it.</summary>
/// <param name="Text">Ends in a line feed.</param>
/// <param name="Sections">The titles of the sections that stand in it.</param>
/// <param name="Moved">The titles of the sections that do not, in the report's order; the text says where they are.</param>
public sealed record RenderedMarkdown(string Text, IReadOnlyList<string> Sections, IReadOnlyList<string> Moved);
