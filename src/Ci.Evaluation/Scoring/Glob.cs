namespace Ci.Evaluation;

/// <summary>Column names with * for any run of characters.</summary>
internal static class Glob
{
    public static bool Matches(string glob, string name)
    {
        var parts = glob.Split('*');
        if (parts.Length == 1)
            return glob == name;
        if (name.Length < parts[0].Length + parts[^1].Length || !name.StartsWith(parts[0], StringComparison.Ordinal) || !name.EndsWith(parts[^1], StringComparison.Ordinal))
            return false;
        var at = parts[0].Length;
        var end = name.Length - parts[^1].Length;
        foreach (var part in parts[1..^1])
        {
            var found = name.IndexOf(part, at, end - at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }

        return true;
    }
}
