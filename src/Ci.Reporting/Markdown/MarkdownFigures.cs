using System.Text;

namespace Ci.Reporting;

/// <summary>The figures of a comment: a picture where one is published, else Mermaid where that is faithful and there is budget for it.</summary>
internal static class MarkdownFigures
{
    /// <summary>
    /// Mermaid that GitLab draws on one page without being asked; beyond it every diagram waits for a click, those of other people's comments,
    /// too. GitHub's own limit is far above.
    /// https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/assets/javascripts/behaviors/markdown/render_sandboxed_mermaid.js
    /// </summary>
    public const int MermaidBudget = 2_000;

    public static string Of(Report report, MarkdownOptions options)
    {
        var text = new StringBuilder();
        var wanted = Figures.ForComment(report);
        var budget = options.Mermaid ? MermaidBudget : 0;
        foreach (var drawing in Figures.Drawings(report).Where(drawing => wanted.Contains(drawing.Name)))
        {
            if (options.Images.TryGetValue(drawing.Name, out var url))
            {
                text.Append($"![{MarkdownText.Escape(drawing.Title)}]({url})\n\n");
            }
            else if (budget > 0 && MermaidFigures.Of(report, drawing.Name) is { } chart && chart.Source.Length <= budget)
            {
                budget -= chart.Source.Length;
                text.Append($"{MarkdownText.Escape(drawing.Title)}\n\n```mermaid\n{chart.Source}```\n\n<sub>{MarkdownText.Escape(chart.Legend)}</sub>\n\n");
            }
        }

        return text.ToString();
    }
}
