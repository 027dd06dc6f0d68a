namespace Ci.Reporting;

/// <summary>The report as a comment: the answer in one line, the gates, at most three figures, the rest folded away.</summary>
public static class MarkdownReport
{
    /// <summary>The figures that a comment shows: at most three, and none where nothing changed.</summary>
    public static IReadOnlyList<Figure> FiguresOf(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.IsUnchanged)
            return [];
        var wanted = Figures.ForComment(report);
        return [.. Figures.All(report).Where(figure => wanted.Contains(figure.Name))];
    }

    /// <summary>
    /// Renders the comment without a limit. <paramref name="figureUrls"/> maps a figure's name to its address (relative path or URL); a
    /// figure without an address is left out. Ends in a line feed.
    /// </summary>
    public static string Render(Report report, IReadOnlyDictionary<string, string> figureUrls) =>
        Render(report, new MarkdownOptions { Images = figureUrls }).Text;

    /// <summary>The same within a limit in UTF-8 bytes: what finds no room is with the job's files, and the comment says so.</summary>
    public static string Render(Report report, IReadOnlyDictionary<string, string> figureUrls, int limit) =>
        Render(report, new MarkdownOptions { Images = figureUrls, Limit = limit }).Text;

    /// <summary>
    /// Renders the comment within its limit, down the ladder of <see cref="MarkdownLadder"/>. The verdict's line is never cut: where the
    /// limit is below even that, the line stands alone and is longer than the limit.
    /// </summary>
    public static RenderedMarkdown Render(Report report, MarkdownOptions options)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(options);
        return new MarkdownLadder(new MarkdownParts(report, options), options).Fit();
    }
}
