using System.Globalization;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Cells of numbers and times as one double. Times are microseconds since 1970 in UTC, which a double holds exactly from 1685 to 2255.</summary>
internal static class CellValue
{
    private const double LargestWhole = 1L << 53;

    /// <summary>NaN where the cell is missing; false where it is none of the type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> cell, ColumnType type, out double value)
    {
        value = double.NaN;
        switch (type)
        {
            case ColumnType.Number:
                return CellNumber.TryParse(cell, out value);
            case ColumnType.Whole:
                return CellNumber.TryParse(cell, out value) && (double.IsNaN(value) || value == Math.Truncate(value));
            case ColumnType.Date:
                if (!CellTime.TryDate(cell, out var day))
                    return cell.IsEmpty;
                value = OfTicks(day);
                return true;
            default:
                if (!CellTime.TryTime(cell, out var ticks))
                    return cell.IsEmpty;
                value = OfTicks(ticks);
                return true;
        }
    }

    /// <summary>The value as people read it.</summary>
    public static string Text(double value, ColumnType type) => type.IsTime()
        ? CellTime.Text(DateTime.UnixEpoch.Ticks + (long)Math.Round(value * 10), type == ColumnType.Date)
        : Math.Abs(value) < LargestWhole && value == Math.Truncate(value)
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A distance between two values as people read it.</summary>
    public static string Distance(double value, ColumnType type) => type.IsTime() ? Duration.Text(TimeSpan.FromMicroseconds(value)) : Text(value, type);

    private static double OfTicks(long ticks) => (ticks - DateTime.UnixEpoch.Ticks) / 10.0;
}
