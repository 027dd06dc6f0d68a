using Ci.Evaluation;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>The sections that rest on measurements: data, metrics, slices, limits, latency, gates.</summary>
internal static class CardEvidence
{
    /// <summary>Slices of fewer rows are named: what they say hangs on a handful of examples.</summary>
    private const int FewRows = 100;

    private const int MostNames = 8;

    public static IEnumerable<CardBlock> Data(ModelCard card)
    {
        var (report, data) = (card.Report, card.Report.Data);
        if (data.RowsAlsoInTraining > 0)
            yield return new CardBlock.Warning("Leak.", DataWords.Leak(data)!);
        foreach (var block in CardSections.Said(card.Details.Data, "data"))
            yield return block;
        yield return new CardBlock.Table("Evaluation and training data", ReportTables.Data(data));
        yield return data.RowsAlsoInTraining switch
        {
            null => new CardBlock.Absent("Whether evaluation rows also stand in the training data was not looked at."),
            _ => new CardBlock.Text(DataWords.Leak(data)!),
        };
        if (report.DataCheck is { } check)
        {
            var sentence = DataCheckMarkdown.Capital(DataCheckWords.Sentence(check));
            yield return check.Outcome == CheckOutcome.Pass ? new CardBlock.Text($"Data check: {sentence}") : new CardBlock.Warning($"Data check: {DataCheckWords.Word(check.Outcome)}.", sentence);
        }
        else
        {
            yield return new CardBlock.Absent("The data were not checked against a schema or for drift.");
        }
    }

    public static IEnumerable<CardBlock> Metrics(ModelCard card, Dictionary<string, FigureDrawing> figures)
    {
        if (card.Report.Metrics.Count == 0)
            return [new CardBlock.Absent("The report holds no metrics.")];
        return
        [
            .. CardSections.Figure(figures, "metrics"),
            new CardBlock.Table("Metrics", ReportTables.Metrics(card.Report)),
            .. CardSections.Words(ReportTables.MetricNote(card.Report), DataWords.Training(card.Report)),
        ];
    }

    public static IEnumerable<CardBlock> Slices(ModelCard card, Dictionary<string, FigureDrawing> figures)
    {
        foreach (var block in CardSections.Said(card.Details.Fairness, "fairness"))
            yield return block;
        if (card.Report.Slices is not { Rows.Count: > 0 } slices)
        {
            yield return new CardBlock.Absent("The model was not measured slice by slice: whether it serves some worse than others is not known.");
            yield break;
        }

        if (SliceGap.Of(slices) is { } gap)
            yield return new CardBlock.Text(gap.Words);
        foreach (var block in CardSections.Figure(figures, "slices"))
            yield return block;
        yield return new CardBlock.Table("Slices", ReportTables.Slices(card.Report, slices));
        foreach (var block in CardSections.Words(slices.Method))
            yield return block;
    }

    public static IEnumerable<CardBlock> Limits(ModelCard card, Dictionary<string, FigureDrawing> figures)
    {
        foreach (var block in CardSections.Said(card.Details.Limits, "limits"))
            yield return block;
        yield return new CardBlock.Text(Reach(card.Report));
        var few = card.Report.Slices?.Rows.Where(slice => slice.Rows < FewRows).Select(slice => PlainText.Clean(slice.Name)).ToList() ?? [];
        if (few.Count > 0)
            yield return new CardBlock.Text($"Measured on fewer than {FewRows} rows: {string.Join(", ", few.Take(MostNames))}{(few.Count > MostNames ? $" and {Numbers.Count(few.Count - MostNames, "further slice")}" : "")}.");
        foreach (var drawing in figures.Values.Where(drawing => drawing.Name is not ("metrics" or "slices")))
            yield return new CardBlock.Figure(drawing);
    }

    public static IEnumerable<CardBlock> Latency(ModelCard card)
    {
        yield return new CardBlock.Table("Model file", ReportTables.Model(card.Report));
        if (card.Report.Latency is null)
            yield return new CardBlock.Absent("Latency was not measured.");
        if (card.Release is { Limits.Count: > 0 } release)
            yield return new CardBlock.Table("Limits on devices", ReportTable.Facts(release.Limits.Select(limit => (limit.Name, new Cell(limit.Limit)))));
    }

    public static IEnumerable<CardBlock> Gates(ModelCard card)
    {
        yield return new CardBlock.Text($"Verdict: {card.Outcome}. {card.Headline.Detail}");
        if (card.Report.Gates.Count > 0)
            yield return new CardBlock.Table("Gates", ReportTables.Gates(card.Report));
        else
            yield return new CardBlock.Absent("No gates were asked for: the verdict rests on nothing.");
        foreach (var block in CardSections.Words(ReportTables.GateNote(card.Report)))
            yield return block;
    }

    private static string Reach(Report report) => DataWords.Span(report.Data) is { } span
        ? $"All figures hold for data such as {DataWords.Rows(report)}. Nothing here was measured outside of {span}."
        : $"All figures hold for data such as the {DataWords.Rows(report)} of the evaluation. Nothing here was measured on other data.";
}
