namespace Ci.Reporting;

/// <summary>Local regression (LOESS of degree 1 with tricube weights; Cleveland 1979) for the template <c>smooth</c>, and the small shifts of <c>scatter_jitter</c>.</summary>
internal static class Smoothing
{
    /// <summary>The share of points that each local line looks at; the same as Vega's usual.</summary>
    private const double Bandwidth = 0.3;

    private const int MostPoints = 300;

    /// <summary>A smoothed line over the points; at most 300 of them are looked at.</summary>
    public static IReadOnlyList<(double X, double Y)> Of(IReadOnlyList<(double X, double Y)> points)
    {
        var step = Math.Max(1, (int)Math.Ceiling(points.Count / (double)MostPoints));
        var sorted = points.Where((_, i) => i % step == 0 || i == points.Count - 1).OrderBy(p => p.X).ToList();
        var reach = Math.Max(2, (int)Math.Ceiling(Bandwidth * sorted.Count));
        return [.. sorted.Select((p, i) => (p.X, Local(sorted, i, reach)))];
    }

    /// <summary>Even, repeatable shifts of up to seven units, by the golden ratio's multiples.</summary>
    public static (double X, double Y) Jitter(int index) => (Shift(index * 0.6180339887), Shift(index * 0.7548776662));

    private static double Shift(double value) => ((value - Math.Floor(value)) - 0.5) * 14;

    private static double Local(List<(double X, double Y)> sorted, int index, int reach)
    {
        var first = Math.Clamp(index - (reach / 2), 0, Math.Max(0, sorted.Count - reach));
        var last = Math.Min(sorted.Count - 1, first + reach - 1);
        var x = sorted[index].X;
        var far = Math.Max(x - sorted[first].X, sorted[last].X - x) * 1.0001;
        if (!(far > 0) || !double.IsFinite(far))
            return sorted[index].Y;
        var (weights, mx, my) = (0.0, 0.0, 0.0);
        for (var i = first; i <= last; i++)
        {
            var w = Weight(sorted[i].X - x, far);
            (weights, mx, my) = (weights + w, mx + (w * (sorted[i].X - x)), my + (w * sorted[i].Y));
        }

        (mx, my) = (mx / weights, my / weights);
        var (sxx, sxy) = (0.0, 0.0);
        for (var i = first; i <= last; i++)
        {
            var (w, dx) = (Weight(sorted[i].X - x, far), sorted[i].X - x - mx);
            (sxx, sxy) = (sxx + (w * dx * dx), sxy + (w * dx * (sorted[i].Y - my)));
        }

        return sxx <= 0 ? my : my - (sxy / sxx * mx);
    }

    private static double Weight(double distance, double far)
    {
        var u = Math.Min(1, Math.Abs(distance) / far);
        return Math.Pow(1 - (u * u * u), 3);
    }
}
