using System.Globalization;

namespace Ci.Evaluation;

/// <summary>Keys that are times.</summary>
internal static class KeyTimes
{
    /// <summary>All keys as times (UTC where they say no offset); null if one of them is none.</summary>
    public static DateTimeOffset[]? Read(string[] keys)
    {
        var times = new DateTimeOffset[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            // A bare number would parse as a year or a day of the month on lenient terms.
            if (keys[i].Length < 8 || !DateTimeOffset.TryParse(keys[i], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out times[i]))
                return null;
        }

        return times;
    }

    /// <summary>The rows' positions in the order of their keys: as times, else numbers, else texts; equals keep the file's order.</summary>
    public static int[] Order(string[] keys)
    {
        var rows = Enumerable.Range(0, keys.Length);
        if (Read(keys) is { } times)
            return [.. rows.OrderBy(i => times[i])];
        var numbers = new double[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            if (!double.TryParse(keys[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return [.. rows.OrderBy(k => keys[k], StringComparer.Ordinal)];
        }

        return [.. rows.OrderBy(i => numbers[i])];
    }
}
