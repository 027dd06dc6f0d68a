namespace Ci.Reporting;

/// <summary>A part of a report that is folded away, and that leaves where there is no room for it.</summary>
/// <param name="Title">A fixed text of ours: never anything from outside.</param>
/// <param name="Rank">What is of a lower rank leaves first.</param>
/// <param name="Body">Markdown that ends in an empty line.</param>
internal sealed record MarkdownSection(string Title, SectionRank Rank, string Body)
{
    public string Folded => $"<details><summary>{this.Title}</summary>\n\n{this.Body}</details>\n\n";
}
