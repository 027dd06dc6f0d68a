using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>The figures of a report, each drawn only where the report has its data, in the order in which they argue.</summary>
public static class Figures
{
    /// <summary>The background of the cards, for pictures that cannot be transparent.</summary>
    public static string Paper => FigureStyle.CardPaper;

    /// <summary>Every figure that the report has data for, as files (SVG); the same report gives the same figures in the same order.</summary>
    public static IReadOnlyList<Figure> All(Report report) =>
        [.. Drawings(report).Select(drawing => new Figure(drawing.Name, drawing.Title, drawing.AltText, drawing.Render(FigureSize.Compact, card: true)) { Group = drawing.Group })];

    /// <summary>The names of the figures that a comment shows: at most three, those that argue the verdict.</summary>
    internal static IReadOnlyList<string> ForComment(Report report) => CommentFigures.Of(report, [.. Drawings(report).Select(drawing => drawing.Name)]);

    internal static IEnumerable<FigureDrawing> Drawings(Report report) =>
        new[]
        {
            MetricsFigure.Of(report),
            SlicesFigure.Of(report),
            TimelineFigure.Of(report),
            ConfusionFigure.Of(report),
            ActualFigure.Of(report),
            ResidualsFigure.Of(report),
            RankingFigure.Roc(report),
            RankingFigure.PrecisionRecall(report),
            CalibrationFigure.Of(report),
            ImportanceFigure.Of(report),
            LearningFigure.Of(report),
            HistoryFigure.Of(report),
            LatencyFigure.Of(report),
        }.OfType<FigureDrawing>().Concat(ReportPlots.Drawings(report));
}
