using Ci.Evaluation;
using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>ROC and precision–recall curves, one panel a class, and beneath them the areas with their intervals.</summary>
internal static class RankingFigure
{
    public static FigureDrawing? Roc(Report report) => Of(report, roc: true);

    public static FigureDrawing? PrecisionRecall(Report report) => Of(report, roc: false);

    private static FigureDrawing? Of(Report report, bool roc)
    {
        if (report.Series.Ranking is not { } ranking || ranking.Candidate.Classes.Count == 0)
            return null;
        var baseline = report.Baseline is null || ranking.Baseline is null ? null : PlainText.Clean(report.BaselineLabel);
        var rows = Rows(ranking, roc, baseline is not null);
        var (name, word) = roc ? ("roc", "ROC AUC") : ("precision-recall", "Average precision");
        var title = $"{word} {AreaForest.Text(rows[0].Candidate)}{(rows.Count > 1 ? ", mean of the classes" : "")}"
            + (rows[0].Baseline is { } other ? $"; {baseline} {AreaForest.Text(other)}" : "");
        var explanation = (roc ? "Share found by share of false alarms; thin dashes: guessing" : "Precision by share found; thin dashes: guessing")
            + (ranking.Candidate.Level is { } level ? $". Below: areas with {Numbers.Level(level)} intervals" : ". Below: areas")
            + (ranking.Candidate.AllClasses > ranking.Candidate.Classes.Count ? $"; {ranking.Candidate.Classes.Count} of {ranking.Candidate.AllClasses} classes" : "");
        var alt = $"{title}. {string.Join("; ", rows.Select(row => $"{row.Name} {AreaForest.Words(row.Candidate)}{(row.Baseline is { } b ? $", {baseline} {AreaForest.Words(b)}" : "")}"))}.";
        return new FigureDrawing(name, title, explanation, alt, (canvas, top) => Draw(canvas, top, ranking, rows, roc, baseline));
    }

    private static List<(string Name, CurveArea Candidate, CurveArea? Baseline)> Rows(ReportRanking ranking, bool roc, bool compared)
    {
        var (candidate, baseline) = (ranking.Candidate, compared ? ranking.Baseline : null);
        var rows = new List<(string, CurveArea, CurveArea?)>();
        if ((roc ? candidate.MacroRocArea : candidate.MacroPrecisionRecallArea) is { } macro)
            rows.Add(("mean", macro, roc ? baseline?.MacroRocArea : baseline?.MacroPrecisionRecallArea));
        foreach (var one in candidate.Classes)
        {
            var other = baseline?.Classes.FirstOrDefault(b => b.Class == one.Class);
            rows.Add((candidate.Classes.Count == 1 ? $"class {PlainText.Clean(one.Class)}" : PlainText.Clean(one.Class), roc ? one.RocArea : one.PrecisionRecallArea, roc ? other?.RocArea : other?.PrecisionRecallArea));
        }

        return rows;
    }

    private static double Draw(SvgCanvas canvas, double top, ReportRanking ranking, List<(string Name, CurveArea Candidate, CurveArea? Baseline)> rows, bool roc, string? baseline)
    {
        var size = canvas.Size;
        var classes = ranking.Candidate.Classes;
        var plotTop = Header.Key(canvas, top, baseline, marks: false);
        var single = classes.Count == 1;
        var bottom = single
            ? Panel(canvas, classes[0], Other(classes[0]), ranking.Candidate.Rows, roc, canvas.Left, Math.Min(canvas.Right, canvas.Left + 430), plotTop, named: false)
            : Panels.Draw(canvas, plotTop, classes, size.IsWide ? 4 : 2, (one, left, right, y) => Panel(canvas, one, Other(one), ranking.Candidate.Rows, roc, left, right, y, named: true));
        canvas.Text(canvas.Left, bottom + size.Tick + 2, roc ? "across: false alarms, % · upwards: found, %" : "across: found (recall), % · upwards: precision, %", size.Tick, "f-mute");
        return AreaForest.Draw(canvas, bottom + size.Tick + 16, rows, roc ? "area under the curve" : "average precision", baseline);

        ClassCurves? Other(ClassCurves one) => baseline is null ? null : ranking.Baseline!.Classes.FirstOrDefault(b => b.Class == one.Class);
    }

    private static double Panel(SvgCanvas canvas, ClassCurves one, ClassCurves? other, int rows, bool roc, double left, double right, double top, bool named)
    {
        var size = canvas.Size;
        if (named)
        {
            var count = $" · {Numbers.Count(one.Positives, "row")}";
            var room = right - left - TextWidth.Of(count, size.Tick);
            canvas.Text(left, top + size.Label, TextWidth.Fit(PlainText.Clean(one.Class), size.Label, room, bold: true), size.Label, "f-strong");
            canvas.Text(right, top + size.Label, count.TrimStart(' ', '·'), size.Tick, "f-mute", Anchor.End);
            top += size.Label + 11;
        }

        var side = Math.Min(right - left, named ? 190 : size.IsWide ? 330 : 290);
        var y = new LinearScale(0, 100, top + side, top);
        var start = left + Axes.LeftWidth(size, y, side);
        var x = new LinearScale(0, 100, start, right);
        Axes.Left(canvas, y, start, right, side);
        Axes.Bottom(canvas, x, start, right, top, top + side, null);
        var share = 100.0 * one.Positives / Math.Max(1, rows);
        canvas.Polyline([(x.At(0), roc ? y.At(0) : y.At(share)), (x.At(100), roc ? y.At(100) : y.At(share))], "f-true");
        if (other is not null)
            canvas.Polyline(Points(other), "f-base-line");
        canvas.Polyline(Points(one), "f-cand");
        return top + side + Axes.BottomHeight(size, label: false);

        IEnumerable<(double X, double Y)> Points(ClassCurves curves) => (roc ? curves.Roc : curves.PrecisionRecall).Select(point => (x.At(point.X * 100), y.At(point.Y * 100)));
    }
}
