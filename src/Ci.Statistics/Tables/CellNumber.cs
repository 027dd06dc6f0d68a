using System.Globalization;
using System.Text;

namespace Ci.Statistics;

/// <summary>Cells as numbers: decimal point, no thousands separators, culture never asked.</summary>
public static class CellNumber
{
    /// <summary>An empty cell or "NaN" is missing (NaN); infinities and numbers beyond a double's range are no numbers.</summary>
    public static bool TryParse(ReadOnlySpan<byte> cell, out double value)
    {
        // One-hot columns are nine cells in ten of a typical feature table; one digit needs no general parser.
        if (cell.Length == 1 && cell[0] is >= (byte)'0' and <= (byte)'9')
        {
            value = cell[0] - (byte)'0';
            return true;
        }

        cell = cell.Trim((byte)' ');
        if (cell.IsEmpty || Ascii.EqualsIgnoreCase(cell, "nan"u8))
        {
            value = double.NaN;
            return true;
        }

        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(cell, Styles, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }
}
