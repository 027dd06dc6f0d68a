using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>What stands in a card, in the order in which an auditor asks.</summary>
internal static class CardSections
{
    public static IReadOnlyList<CardSection> Of(ModelCard card)
    {
        var figures = Figures.Drawings(card.Report).ToDictionary(drawing => drawing.Name, StringComparer.Ordinal);
        List<(string Id, string Title, IEnumerable<CardBlock> Blocks)> sections =
        [
            ("intended-use", "Intended use", Said(card.Details.IntendedUse, "intended_use")),
            ("out-of-scope", "Out-of-scope use", Said(card.Details.OutOfScope, "out_of_scope")),
            ("data", "Data", CardEvidence.Data(card)),
            ("lineage", "Lineage", CardOrigin.Lineage(card)),
            ("metrics", "Metrics", CardEvidence.Metrics(card, figures)),
            ("slices", "Slices and fairness", CardEvidence.Slices(card, figures)),
            ("limits", "Robustness and limits", CardEvidence.Limits(card, figures)),
            ("latency", "Latency and size", CardEvidence.Latency(card)),
            ("gates", "Gates and verdict", CardEvidence.Gates(card)),
            ("ethics", "Ethical considerations", Said(card.Details.EthicalConsiderations, "ethical_considerations")),
            ("license", "License and contacts", CardOrigin.License(card)),
            ("reproduce", "How to reproduce", CardOrigin.Reproduce(card)),
            ("signature", "Signature", CardOrigin.Signature(card)),
        ];
        return [.. sections.Select((section, index) => new CardSection(index + 1, section.Id, section.Title, [.. section.Blocks]))];
    }

    /// <summary>What people wrote; else that they did not, and where they would.</summary>
    public static IEnumerable<CardBlock> Said(IReadOnlyList<string> paragraphs, string key) =>
        [paragraphs.Count > 0 ? new CardBlock.Said(paragraphs) : new CardBlock.Absent($"Not stated by those who made the model (`{key}` of card.yaml).")];

    public static IEnumerable<CardBlock> Words(params string?[] words) => words.Where(text => !string.IsNullOrEmpty(text)).Select(text => new CardBlock.Text(text!));

    public static IEnumerable<CardBlock> Figure(Dictionary<string, FigureDrawing> figures, string name) =>
        figures.TryGetValue(name, out var drawing) ? [new CardBlock.Figure(drawing)] : [];
}
