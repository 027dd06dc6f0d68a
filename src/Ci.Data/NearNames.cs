namespace Ci.Data;

/// <summary>Finds the names that a mistyped one probably meant.</summary>
public static class NearNames
{
    /// <summary><c> (did you mean `train`?)</c>, or nothing when no name is near.</summary>
    public static string Hint(string name, IEnumerable<string> names)
    {
        var near = names.Select(other => (other, Distance: Distance(name, other)))
            .Where(n => n.Distance <= Math.Max(1, Math.Max(name.Length, n.other.Length) * 2 / 5))
            .OrderBy(n => n.Distance).Take(3).Select(n => $"`{n.other}`").ToList();
        return near.Count == 0 ? "" : $" (did you mean {string.Join(" or ", near)}?)";
    }

    // Levenshtein's edit distance over one row; names are short, what is longer is cut.
    private static int Distance(string a, string b)
    {
        (a, b) = (a.Length > 80 ? a[..80] : a, b.Length > 80 ? b[..80] : b);
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
