namespace Ci.Reporting.Drawing;

/// <summary>Keeps direct labels from lying upon each other.</summary>
internal static class Labels
{
    /// <summary>The items with positions at least <paramref name="gap"/> apart, as near as may be to where each would like to stand.</summary>
    public static IEnumerable<(T Item, double Y)> Spread<T>(IReadOnlyList<T> items, Func<T, double> wish, double gap, double top, double bottom)
    {
        var order = items.OrderBy(wish).ToList();
        var places = order.Select(wish).ToArray();
        for (var index = 0; index < places.Length; index++)
            places[index] = Math.Max(Math.Max(places[index], top), index == 0 ? top : places[index - 1] + gap);
        for (var index = places.Length - 1; index >= 0; index--)
            places[index] = Math.Min(places[index], index == places.Length - 1 ? bottom : places[index + 1] - gap);
        return order.Zip(places);
    }
}
