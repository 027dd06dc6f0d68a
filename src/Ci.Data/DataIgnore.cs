namespace Ci.Data;

/// <summary><c>.dvcignore</c>: only comments are understood so far, and patterns are refused rather than passed over, since they would change digests.</summary>
internal static class DataIgnore
{
    public static void RefusePatterns(string root)
    {
        var file = Path.Combine(root, ".dvcignore");
        if (!File.Exists(file))
            return;
        var lines = File.ReadAllLines(file);
        var pattern = Array.FindIndex(lines, line => line.Trim() is { Length: > 0 } text && text[0] != '#');
        if (pattern >= 0)
            throw new DataException($".dvcignore:{pattern + 1}: patterns are not understood by this version, and folders would get other digests than DVC gives them; remove the pattern or track single files");
    }
}
