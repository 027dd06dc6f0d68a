namespace Ci.Statistics;

/// <summary>Cells as times: ISO 8601 and no other form, so that no day is taken for a month. Without an offset a time is UTC.</summary>
public static class CellTime
{
    /// <summary>Reads <c>2020-01-31</c>.</summary>
    public static bool TryDate(ReadOnlySpan<byte> cell, out long ticks)
    {
        ticks = 0;
        if (cell.Length != 10 || cell[4] != '-' || cell[7] != '-')
            return false;
        var (year, month, day) = (Digits(cell[..4]), Digits(cell[5..7]), Digits(cell[8..]));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
        return true;
    }

    /// <summary>Reads <c>2020-01-31</c>, or that with a time after 'T' or a blank: <c>23:59</c>, <c>23:59:59</c>, <c>23:59:59.1234567</c>, and 'Z' or an offset such as <c>+01:00</c>.</summary>
    /// <param name="cell">UTF-8 text.</param>
    /// <param name="ticks">100 ns since the year 1, in UTC.</param>
    public static bool TryTime(ReadOnlySpan<byte> cell, out long ticks)
    {
        ticks = 0;
        if (cell.Length < 10 || !TryDate(cell[..10], out var date))
            return false;
        if (cell.Length == 10)
        {
            ticks = date;
            return true;
        }

        if (cell[10] is not ((byte)'T' or (byte)' ' or (byte)'t') || !TryClock(cell[11..], out var clock, out var rest) || !TryOffset(rest, out var offset))
            return false;
        ticks = date + clock - offset;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
    }

    /// <summary>The time as messages show it: 2020-01-31T23:59:59Z, or the date alone.</summary>
    public static string Text(long ticks, bool dateOnly = false)
    {
        var time = new DateTime(ticks, DateTimeKind.Utc);
        return time.ToString(dateOnly ? "yyyy-MM-dd" : ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool TryClock(ReadOnlySpan<byte> text, out long ticks, out ReadOnlySpan<byte> rest)
    {
        ticks = 0;
        rest = default;
        if (text.Length < 5 || text[2] != ':')
            return false;
        var (hour, minute, second) = (Digits(text[..2]), Digits(text[3..5]), 0);
        long fraction = 0;
        text = text[5..];
        if (text is [(byte)':', _, _, ..])
        {
            second = Digits(text[1..3]);
            text = text[3..];
            if (text is [(byte)'.', ..])
            {
                var length = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? end : text.Length - 1;
                if (length is < 1 or > 9)
                    return false;
                fraction = (long)(Digits(text.Slice(1, length)) * Math.Pow(10, 7 - length));
                text = text[(1 + length)..];
            }
        }

        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59)
            return false;
        ticks = (((((hour * 60L) + minute) * 60) + second) * TimeSpan.TicksPerSecond) + fraction;
        rest = text;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty || text is [(byte)'Z' or (byte)'z'])
            return true;
        if (text[0] is not ((byte)'+' or (byte)'-'))
            return false;
        var (hour, minute) = text.Length switch
        {
            3 => (Digits(text[1..]), 0),
            5 => (Digits(text[1..3]), Digits(text[3..])),
            6 when text[3] == ':' => (Digits(text[1..3]), Digits(text[4..])),
            _ => (-1, 0),
        };
        if (hour is < 0 or > 14 || minute is < 0 or > 59)
            return false;
        ticks = ((hour * 60L) + minute) * TimeSpan.TicksPerMinute * (text[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>At most nine digits as a number; −1 where one of them is none.</summary>
    private static int Digits(ReadOnlySpan<byte> text)
    {
        var value = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return -1;
            value = (value * 10) + (c - '0');
        }

        return value;
    }
}
