namespace Ci.EdgeAgent.Configuration;

/// <summary>The name that somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest changed letters; null where none is near.</summary>
    public static string? Of(string wrong, IEnumerable<string> known)
    {
        var near = known.Select(name => (Name: name, Distance: Distance(wrong.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal).FirstOrDefault();
        return near.Name is not null && near.Distance <= Math.Max(2, wrong.Length / 3) ? near.Name : null;
    }

    /// <summary>Levenshtein's distance: letters to insert, remove or replace.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j - 1]));
                (diagonal, row[j]) = (row[j], cost);
            }
        }

        return row[^1];
    }
}
