using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Distribution of the errors, candidate filled over the baseline's outline.</summary>
internal static class ResidualsFigure
{
    public static FigureDrawing? Of(Report report)
    {
        if (report.Series.Residuals is not { } whole || whole.Candidate.Sum() == 0)
            return null;
        var residuals = Trimmed(whole);
        var unit = PlainText.Clean(report.Unit);
        var baseline = report.Baseline is null || residuals.Baseline is null ? null : PlainText.Clean(report.BaselineLabel);
        var (near, total) = (Within(residuals, residuals.Candidate), residuals.Candidate.Sum() + residuals.CandidateBeyond);
        var reach = Numbers.WithUnit(Numbers.Round(Reach(residuals)), unit);
        var title = $"{Numbers.Percent((double)near / total)} of predictions are within {reach} of the truth";
        if (baseline is not null)
            title += $"; {baseline} {Numbers.Percent((double)Within(residuals, residuals.Baseline!) / Math.Max(1, residuals.Baseline!.Sum() + residuals.BaselineBeyond))}";
        var beyond = residuals.CandidateBeyond + residuals.BaselineBeyond > 0
            ? $"; beyond the axis {residuals.CandidateBeyond}" + (baseline is null ? "" : $" and {residuals.BaselineBeyond}")
            : "";
        var explanation = $"Share of rows per {Numbers.WithUnit(Numbers.Round(residuals.Width), unit)}{beyond}";
        return new FigureDrawing("residuals", title, explanation, $"{title}. {explanation}.", (canvas, top) => Draw(canvas, top, residuals, baseline, unit));
    }

    /// <summary>
    /// The middle of the axis that all but about one in two hundred errors lie in: the bins are made before the errors are known,
    /// and a figure of empty bins shows nothing. What is cut off is counted as beyond.
    /// </summary>
    internal static ReportResiduals Trimmed(ReportResiduals residuals)
    {
        var (candidate, baseline) = (residuals.Candidate, residuals.Baseline ?? []);
        var allowed = (candidate.Sum() + baseline.Sum()) * 0.005;
        var (first, last, cut) = (0, candidate.Count - 1, 0.0);
        while (last - first > 6)
        {
            // From the end that is further from 0, so that the axis stays as even as the data let it.
            var low = Math.Abs(residuals.Low + residuals.Width * first) >= Math.Abs(residuals.Low + residuals.Width * (last + 1));
            var bin = low ? first : last;
            cut += candidate[bin] + (baseline.Count > bin ? baseline[bin] : 0);
            if (cut > allowed)
                break;
            (first, last) = low ? (first + 1, last) : (first, last - 1);
        }

        return residuals with
        {
            Low = residuals.Low + residuals.Width * first,
            Candidate = [.. candidate.Skip(first).Take(last - first + 1)],
            CandidateBeyond = residuals.CandidateBeyond + candidate.Take(first).Sum() + candidate.Skip(last + 1).Sum(),
            Baseline = residuals.Baseline is null ? null : [.. baseline.Skip(first).Take(last - first + 1)],
            BaselineBeyond = residuals.BaselineBeyond + baseline.Take(first).Sum() + baseline.Skip(last + 1).Sum(),
        };
    }

    private static double Draw(SvgCanvas canvas, double top, ReportResiduals residuals, string? baseline, string unit)
    {
        var size = canvas.Size;
        var plotTop = Header.Key(canvas, top, baseline, marks: false);
        var bottom = plotTop + (size.IsWide ? 220 : 160);
        var candidate = Shares(residuals.Candidate, residuals.CandidateBeyond);
        var other = residuals.Baseline is null || baseline is null ? null : Shares(residuals.Baseline, residuals.BaselineBeyond);
        var shares = LinearScale.Around(candidate.Concat(other ?? []), bottom, plotTop, zero: true);
        var left = canvas.Left + Axes.LeftWidth(size, shares, bottom - plotTop) + TextWidth.Of(" %", size.Tick);
        var errors = new LinearScale(residuals.Low, residuals.Low + residuals.Width * candidate.Length, left, canvas.Right);
        Axes.Left(canvas, shares, left, canvas.Right, bottom - plotTop, " %");
        Axes.Bottom(canvas, errors, left, canvas.Right, bottom, bottom, unit.Length == 0 ? "predicted minus actual" : $"predicted minus actual, {unit}");
        canvas.Polyline(Steps(residuals, candidate, errors, shares, bottom), "f-cand-area", close: true);
        if (other is not null)
            canvas.Polyline(Steps(residuals, other, errors, shares, bottom), "f-base-line");
        canvas.Polyline(Steps(residuals, candidate, errors, shares, bottom), "f-cand");
        if (errors.Within(0) == errors.At(0))
            canvas.Line(errors.At(0), plotTop, errors.At(0), bottom, "f-zero");
        for (var bin = 0; bin < candidate.Length; bin++)
        {
            var from = residuals.Low + residuals.Width * bin;
            canvas.Rectangle(errors.At(from), plotTop, errors.At(from + residuals.Width) - errors.At(from), bottom - plotTop, "f-hit",
                $"{Numbers.Round(from)} to {Numbers.WithUnit(Numbers.Round(from + residuals.Width), unit)}: candidate {Numbers.Fixed(candidate[bin], 1)} %" + (other is null ? "" : $", {baseline} {Numbers.Fixed(other[bin], 1)} %"));
        }

        return bottom + Axes.BottomHeight(size, label: true);
    }

    private static double[] Shares(IReadOnlyList<int> counts, int beyond)
    {
        double total = Math.Max(1, counts.Sum() + beyond);
        return [.. counts.Select(count => 100 * count / total)];
    }

    private static IEnumerable<(double X, double Y)> Steps(ReportResiduals residuals, double[] shares, LinearScale x, LinearScale y, double bottom)
    {
        yield return (x.At(residuals.Low), bottom);
        for (var bin = 0; bin < shares.Length; bin++)
        {
            yield return (x.At(residuals.Low + residuals.Width * bin), y.At(shares[bin]));
            yield return (x.At(residuals.Low + residuals.Width * (bin + 1)), y.At(shares[bin]));
        }

        yield return (x.At(residuals.Low + residuals.Width * shares.Length), bottom);
    }

    // A quarter of the way from nought to the nearer end of the axis, on a bin's edge: a round figure that most errors lie within.
    private static double Reach(ReportResiduals residuals)
    {
        var end = Math.Min(Math.Abs(residuals.Low), Math.Abs(residuals.Low + residuals.Width * residuals.Candidate.Count));
        return residuals.Width * Math.Max(1, Math.Round(end / residuals.Width / 4));
    }

    private static int Within(ReportResiduals residuals, IReadOnlyList<int> counts)
    {
        var reach = Reach(residuals) + residuals.Width * 1e-9;
        return counts.Where((_, bin) => residuals.Low + residuals.Width * bin >= -reach && residuals.Low + residuals.Width * (bin + 1) <= reach).Sum();
    }
}
