using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Reliability diagram: on the diagonal a predicted 30 % comes true 30 times in a hundred.</summary>
internal static class CalibrationFigure
{
    public static FigureDrawing? Of(Report report)
    {
        if (report.Series.Calibration is not { } calibration || calibration.Candidate.Count < 2)
            return null;
        var baseline = report.Baseline is null || calibration.Baseline is null ? null : PlainText.Clean(report.BaselineLabel);
        var holding = calibration.Candidate.Count(bin => bin.Low <= bin.Predicted && bin.Predicted <= bin.High);
        var title = $"Probabilities hold in {holding} of {calibration.Candidate.Count} bins";
        const string explanation = "Observed by predicted frequency; the diagonal is perfect";
        var words = calibration.Candidate.Select(bin => $"predicted {Numbers.Percent(bin.Predicted)}, observed {Numbers.Percent(bin.Observed)}");
        return new FigureDrawing("calibration", title, explanation, $"{title}. {string.Join("; ", words)}.", (canvas, top) => Draw(canvas, top, calibration, baseline));
    }

    private static double Draw(SvgCanvas canvas, double top, ReportCalibration calibration, string? baseline)
    {
        var size = canvas.Size;
        var plotTop = Header.Key(canvas, top, baseline);
        var side = size.IsWide ? 330 : 280;
        var bottom = plotTop + side;
        var y = new LinearScale(0, 100, bottom, plotTop);
        var left = canvas.Left + Axes.LeftWidth(size, y, side) + TextWidth.Of(" %", size.Tick);
        var right = Math.Min(canvas.Right, left + side * 1.25);
        var x = new LinearScale(0, 100, left, right);
        Axes.Left(canvas, y, left, right, side, " %");
        Axes.Bottom(canvas, x, left, right, plotTop, bottom, "predicted, % (upwards: observed)");
        canvas.Line(x.At(0), y.At(0), x.At(100), y.At(100), "f-axis");
        if (baseline is not null)
            Points(canvas, calibration.Baseline!, x, y, candidate: false, baseline);
        Points(canvas, calibration.Candidate, x, y, candidate: true, "candidate");
        return bottom + Axes.BottomHeight(size, label: true);
    }

    private static void Points(SvgCanvas canvas, IReadOnlyList<CalibrationBin> bins, LinearScale x, LinearScale y, bool candidate, string who)
    {
        canvas.Polyline(bins.Select(bin => (x.At(bin.Predicted * 100), y.At(bin.Observed * 100))), candidate ? "f-cand" : "f-base-line");
        foreach (var bin in bins)
        {
            var (px, py) = (x.At(bin.Predicted * 100), y.At(bin.Observed * 100));
            var tip = $"{who}: predicted {Numbers.Percent(bin.Predicted)}, observed {Numbers.Percent(bin.Observed)}, {Numbers.Count(bin.Rows, "row")}";
            canvas.Line(px, y.Within(bin.Low * 100), px, y.Within(bin.High * 100), candidate ? "f-cand" : "f-base");
            if (candidate)
                canvas.Dot(px, py, 3.6, "f-cand-mark", tip);
            else
                canvas.Diamond(px, py, 4.2, "f-base-mark", tip);
        }
    }
}
