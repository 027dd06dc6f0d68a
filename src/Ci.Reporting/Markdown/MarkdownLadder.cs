using System.Text;
using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>
/// Fits a report into a limit, one rung after the other: everything; what argues least folded away; folded sections moved out, those of the
/// lowest rank first; gates cut from the table's end, where those that pass stand; the verdict with its foot; the verdict alone.
/// The same report and limit always give the same text.
/// </summary>
internal sealed class MarkdownLadder(MarkdownParts parts, MarkdownOptions options)
{
    private static readonly IReadOnlySet<string> Nothing = new HashSet<string>(StringComparer.Ordinal);

    public RenderedMarkdown Fit()
    {
        var whole = this.Rendered(parts.GateTable(parts.Gates), parts.Figures, parts.Sections, [], 0);
        return this.Fits(whole.Text) ? whole with { Sections = [.. this.Foldable().Select(section => section.Title)] } : this.Folded();
    }

    // Everything that may be folded away, in the order in which it is shown.
    private List<MarkdownSection> Foldable()
    {
        var passed = parts.Gates.Where(Passes).ToList();
        List<MarkdownSection> sections = [.. parts.Sections];
        if (parts.Figures.Length > 0)
            sections.Insert(0, new MarkdownSection("Figures", SectionRank.Figures, parts.Figures));
        if (passed.Count > 0)
            sections.Insert(0, new MarkdownSection($"Gates that pass ({passed.Count})", SectionRank.PassedGates, parts.GateTable(passed)));
        return sections;
    }

    // What passes and what is drawn is folded away first; then sections leave by their rank until the rest fits.
    private RenderedMarkdown Folded()
    {
        var open = parts.Gates.Where(gate => !Passes(gate)).ToList();
        var sections = this.Foldable();
        var leaving = sections.OrderBy(section => section.Rank).ToList();
        var table = parts.GateTable(open);
        for (var gone = 0; gone <= leaving.Count; gone++)
        {
            var moved = leaving.Take(gone).ToHashSet();
            var rendered = this.Rendered(table, "", [.. sections.Where(section => !moved.Contains(section))], [.. sections.Where(moved.Contains)], 0);
            if (this.Fits(rendered.Text))
                return rendered;
        }

        return this.Cut(open, sections);
    }

    // The table loses rows from its end: regressions stand first and stay longest.
    private RenderedMarkdown Cut(IReadOnlyList<ReportGate> gates, IReadOnlyList<MarkdownSection> moved)
    {
        var (fits, tooMany) = (0, gates.Count);
        while (tooMany - fits > 1)
        {
            var middle = (fits + tooMany) / 2;
            if (this.Fits(this.WithGates(gates, middle, moved).Text))
                fits = middle;
            else
                tooMany = middle;
        }

        var shortened = this.WithGates(gates, fits, moved);
        if (this.Fits(shortened.Text))
            return shortened;
        var titles = moved.Select(section => section.Title).ToList();
        foreach (var text in (string[])[parts.Verdict + parts.Warnings + parts.Foot, parts.Verdict + parts.Foot])
        {
            if (this.Fits(text))
                return new RenderedMarkdown(text, [], titles);
        }

        return new RenderedMarkdown(parts.Verdict.TrimEnd('\n') + "\n", [], titles);
    }

    private RenderedMarkdown WithGates(IReadOnlyList<ReportGate> gates, int shown, IReadOnlyList<MarkdownSection> moved) =>
        this.Rendered(parts.GateTable([.. gates.Take(shown)]), "", [], moved, gates.Count - shown);

    private RenderedMarkdown Rendered(string table, string figures, IReadOnlyList<MarkdownSection> sections, IReadOnlyList<MarkdownSection> moved, int gatesCut)
    {
        var text = new StringBuilder(parts.Verdict).Append(parts.Warnings).Append(table);
        if (gatesCut > 0)
            text.Append($"{Numbers.Count(gatesCut, "further gate")} that {(gatesCut == 1 ? "does" : "do")} not pass {(gatesCut == 1 ? "is" : "are")} {this.Place("with the job's files")}.\n\n");
        text.Append(figures);
        foreach (var section in sections)
            text.Append(section.Folded);
        text.Append(this.Moved(moved)).Append(parts.Foot);
        return new RenderedMarkdown(text.ToString(), [.. sections.Select(section => section.Title)], [.. moved.Select(section => section.Title)]);
    }

    private string Moved(IReadOnlyList<MarkdownSection> moved)
    {
        var held = options.Summary?.ToHashSet(StringComparer.Ordinal) ?? Nothing;
        var there = moved.Where(section => held.Contains(section.Title)).Select(section => section.Title).ToList();
        var files = moved.Select(section => section.Title).Except(there, StringComparer.Ordinal).ToList();
        var text = new StringBuilder();
        if (there.Count > 0)
            text.Append($"Too long for here; {this.Place("in the job summary")}: {string.Join(", ", there)}.\n\n");
        if (files.Count > 0)
            text.Append($"Too long for here; {this.Place("with the job's files")}: {string.Join(", ", files)}.\n\n");
        return text.ToString();
    }

    private string Place(string words) => parts.Run is { } link ? $"[{words}]({link})" : words;

    private bool Fits(string text) => Encoding.UTF8.GetByteCount(text) <= options.Limit;

    private static bool Passes(ReportGate gate) => gate.Skipped || gate.Outcome == Outcome.Pass;
}
