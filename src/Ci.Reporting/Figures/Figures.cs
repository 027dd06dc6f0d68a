using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>The figures of a report, each drawn only where the report has its data, in the order in which they argue.</summary>
public static class Figures
{
    /// <summary>Every figure that the report has data for, as files (SVG).</summary>
    public static IReadOnlyList<Figure> All(Report report) =>
        [.. Drawings(report).Select(drawing => new Figure(drawing.Name, drawing.Title, drawing.AltText, drawing.Render(FigureSize.Compact, card: true)))];

    /// <summary>The names of the figures that a comment shows: at most three, those that argue the verdict.</summary>
    internal static IReadOnlyList<string> ForComment(Report report) => [.. Drawings(report).Take(3).Select(drawing => drawing.Name)];

    internal static IEnumerable<FigureDrawing> Drawings(Report report) =>
        new[]
        {
            MetricsFigure.Of(report),
            SlicesFigure.Of(report),
            TimelineFigure.Of(report),
            ConfusionFigure.Of(report),
            ResidualsFigure.Of(report),
            CalibrationFigure.Of(report),
        }.OfType<FigureDrawing>();
}
