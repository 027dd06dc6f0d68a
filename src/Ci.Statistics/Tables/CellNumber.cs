using System.Globalization;

namespace Ci.Statistics;

/// <summary>Cells as numbers: decimal point, no thousands separators, culture never asked.</summary>
internal static class CellNumber
{
    /// <summary>An empty cell or "NaN" is missing (NaN); infinities and numbers beyond a double's range are no numbers.</summary>
    public static bool TryParse(ReadOnlySpan<char> cell, out double value)
    {
        // One-hot columns are nine cells in ten of a typical feature table; one digit needs no general parser.
        if (cell.Length == 1 && char.IsAsciiDigit(cell[0]))
        {
            value = cell[0] - '0';
            return true;
        }

        cell = cell.Trim(' ');
        if (cell.IsEmpty || cell.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }

        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(cell, Styles, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }
}
