using System.Globalization;

namespace Ci.Reporting.Drawing;

/// <summary>Maps moments onto positions; its ticks stand at the starts of years, months, weeks or days, whichever leave room.</summary>
internal sealed class TimeScale(DateTimeOffset low, DateTimeOffset high, double from, double to)
{
    public double At(DateTimeOffset moment)
    {
        var span = (high - low).TotalSeconds;
        return span <= 0 ? (from + to) / 2 : from + (moment - low).TotalSeconds / span * (to - from);
    }

    public IReadOnlyList<(DateTimeOffset At, string Text)> Ticks(double spacing)
    {
        var most = Math.Max(2, (int)((to - from) / spacing));
        var days = (high - low).TotalDays;
        if (days / 365.25 >= most)
            return this.Calendar(12 * (int)LinearScale.NiceStep(days / 365.25 / most), "yyyy");
        foreach (var months in (int[])[1, 2, 3, 6, 12])
        {
            if (days / 30.4 / months <= most && days > 62)
                return this.Calendar(months, "MMM");
        }

        var step = ((double[])[1.0 / 24, 0.25, 0.5, 1, 2, 7, 14]).FirstOrDefault(d => days / d <= most, 14);
        return this.Even(step);
    }

    private List<(DateTimeOffset At, string Text)> Calendar(int months, string format)
    {
        var ticks = new List<(DateTimeOffset, string)>();
        var first = new DateTimeOffset(low.Year, months >= 12 ? 1 : (low.Month - 1) / months * months + 1, 1, 0, 0, 0, low.Offset);
        for (var at = first; at <= high && ticks.Count < 50; at = at.AddMonths(months))
        {
            // The year is said once, with the first month that shows it.
            var year = format == "MMM" && (at.Month <= months || ticks.Count == 0) ? " yyyy" : "";
            if (at >= low)
                ticks.Add((at, at.ToString(format + year, CultureInfo.InvariantCulture)));
        }

        return ticks;
    }

    private List<(DateTimeOffset At, string Text)> Even(double days)
    {
        var ticks = new List<(DateTimeOffset, string)>();
        var step = TimeSpan.FromDays(days).Ticks;
        var first = new DateTimeOffset((low.Ticks + step - 1) / step * step, low.Offset);
        for (var at = first; at <= high && ticks.Count < 50; at = at.AddTicks(step))
            ticks.Add((at, at.ToString(days < 1 ? "d MMM HH:mm" : "d MMM", CultureInfo.InvariantCulture)));
        return ticks;
    }
}
