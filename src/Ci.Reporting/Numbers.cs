using System.Globalization;

namespace Ci.Reporting;

/// <summary>
/// Numbers as readers see them: thousands parted, a true minus sign, and just the digits that their interval supports. The rule:
/// two significant digits of the interval's half-width say which decimal is the last one worth printing.
/// </summary>
internal static class Numbers
{
    private const string Minus = "−";

    /// <summary>A value with its interval's digits; without an interval four significant digits.</summary>
    public static string Text(double value, double? low = null, double? high = null) =>
        Fixed(value, Decimals(value, low, high));

    /// <summary>How many decimals a value deserves; negative means tens, hundreds and so on.</summary>
    public static int Decimals(double value, double? low, double? high)
    {
        if (low is { } l && high is { } h && double.IsFinite(l) && double.IsFinite(h) && h > l)
            return Supported(1 - Floor10((h - l) / 2), Math.Max(Math.Abs(value), Math.Max(Math.Abs(l), Math.Abs(h))));
        return value == 0 || !double.IsFinite(value) ? 0 : Supported(3 - Floor10(Math.Abs(value)), Math.Abs(value));
    }

    /// <summary>A value with fixed decimals; negative decimals round to tens, hundreds and so on.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "not a number" : value > 0 ? "∞" : Minus + "∞";
        if (Math.Abs(value) >= 1e15)
            return Signed(value.ToString("0.###e+0", CultureInfo.InvariantCulture));
        var unit = decimals < 0 ? Math.Pow(10, -decimals) : 1;
        var rounded = Math.Round(value / unit, Math.Clamp(decimals, 0, 12), MidpointRounding.AwayFromZero) * unit;
        return Signed((rounded + 0.0).ToString("#,##0." + new string('0', Math.Clamp(decimals, 0, 12)), CultureInfo.InvariantCulture));
    }

    /// <summary>As <see cref="Fixed"/>, with a plus sign where the printed number is above nothing.</summary>
    public static string WithSign(double value, int decimals)
    {
        var text = Fixed(value, decimals);
        return value > 0 && text.Any(c => c is >= '1' and <= '9') ? "+" + text : text;
    }

    public static string Count(long value) => Signed(value.ToString("#,##0", CultureInfo.InvariantCulture));

    /// <summary>"1 row", "5,088 rows".</summary>
    public static string Count(long value, string one, string? many = null) => $"{Count(value)} {(value == 1 ? one : many ?? one + "s")}";

    public static string Bytes(long value) => value switch
    {
        < 1_000 => $"{value} B",
        < 1_000_000 => $"{Short(value / 1e3)} kB",
        < 1_000_000_000 => $"{Short(value / 1e6)} MB",
        _ => $"{Short(value / 1e9)} GB",
    };

    /// <summary>A number that was chosen, not measured (a bin, a limit): at most four significant digits, no trailing zeros.</summary>
    public static string Round(double value)
    {
        var text = Text(value);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>Three significant digits: for what is only of interest roughly.</summary>
    public static string Short(double value) =>
        Fixed(value, value == 0 || !double.IsFinite(value) ? 0 : Math.Clamp(2 - Floor10(Math.Abs(value)), 0, 6));

    public static string Percent(double share) => share == 0 ? "0 %" : share is > 0 and < 0.001 ? "< 0.1 %" : $"{Fixed(share * 100, share >= 0.0995 ? 0 : 1)} %";

    /// <summary>A confidence level: "95 %", "99.29 %".</summary>
    public static string Level(double level) => Math.Round(level * 100, 2).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>The number followed by its unit; a metric without a unit has none.</summary>
    public static string WithUnit(string number, string? unit) => string.IsNullOrEmpty(unit) ? number : $"{number} {unit}";

    public static string Probability(double p) => p < 0.001 ? "< 0.001" : p < 0.1 ? Fixed(p, 3) : Fixed(p, 2);

    // Integers below 10,000 are printed whole even where the interval would only carry their tens: 2,305 reads easier than 2,310.
    private static int Supported(int decimals, double magnitude) => magnitude < 10_000 ? Math.Clamp(decimals, 0, 6) : Math.Clamp(decimals, -12, 6);

    private static int Floor10(double value) => (int)Math.Floor(Math.Log10(value) + 1e-9);

    private static string Signed(string text) => text.StartsWith('-') ? Minus + text[1..] : text;
}
