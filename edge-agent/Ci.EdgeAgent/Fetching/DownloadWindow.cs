using System.Globalization;

namespace Ci.EdgeAgent.Fetching;

/// <summary>A range of local times in which downloads may begin; one that ends before it begins goes across midnight.</summary>
internal sealed record DownloadWindow(TimeOnly From, TimeOnly To)
{
    public static bool TryParse(string text, out DownloadWindow window)
    {
        window = new DownloadWindow(default, default);
        if (text.Split('-', StringSplitOptions.TrimEntries) is not [var from, var to]
            || !TimeOnly.TryParseExact(from, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var begin)
            || !TimeOnly.TryParseExact(to, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end)
            || begin == end)
        {
            return false;
        }

        window = new DownloadWindow(begin, end);
        return true;
    }

    /// <summary>Its first minute is in, its last out.</summary>
    public bool Holds(TimeOnly local) => local.IsBetween(From, To);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH\\:mm}-{To:HH\\:mm}");
}
