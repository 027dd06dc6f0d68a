using System.Globalization;

namespace Ci.Evaluation;

/// <summary>Spans of time as people write them: 500ms, 30s, 15m, 1h, 7d, 2w.</summary>
internal static class Duration
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400), ("w", 604800)];

    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        foreach (var (unit, seconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal) || !double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                continue;
            if (number * seconds > 1e9)
                return false;
            span = TimeSpan.FromSeconds(number * seconds);
            return true;
        }

        return false;
    }

    /// <summary>1h, 90m, 2d: the largest unit that leaves a whole number.</summary>
    public static string Text(TimeSpan span)
    {
        foreach (var (unit, seconds) in Units.Reverse().Where(u => u.Unit != "w"))
        {
            var number = span.TotalSeconds / seconds;
            if (number >= 1 && number == Math.Truncate(number))
                return number.ToString(CultureInfo.InvariantCulture) + unit;
        }

        return span.TotalSeconds.ToString(CultureInfo.InvariantCulture) + "s";
    }
}
