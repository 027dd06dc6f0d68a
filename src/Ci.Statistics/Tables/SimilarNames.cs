namespace Ci.Statistics;

/// <summary>Names close to one that was not found, for messages: letters' case ignored, at most a third of them wrong.</summary>
public static class SimilarNames
{
    /// <summary>The nearest first; empty where none is near.</summary>
    public static IReadOnlyList<string> Of(string wanted, IReadOnlyList<string> names, int most = 3)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(names);
        return [.. names
            .Where(name => name.Length <= 200 && wanted.Length <= 200)
            .Select(name => (Name: name, Distance: Distance(wanted.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(pair => pair.Distance <= Math.Max(1, wanted.Length / 3))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Name, StringComparer.Ordinal)
            .Take(most)
            .Select(pair => pair.Name)];
    }

    /// <summary>Levenshtein's edit distance, two rows at a time.</summary>
    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
