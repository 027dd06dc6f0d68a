namespace Ci.Testing;

/// <summary>The files that people wrote: nothing built, restored, recorded from elsewhere or made by a test.</summary>
public static class RepositoryFiles
{
    private static readonly string[] Elsewhere = ["artifacts", "node_modules", "bin", "obj", ".git", "Fixtures", "Approved", "TestResults"];

    /// <summary>Paths relative to the repository, '/'-separated, in ordinal order.</summary>
    /// <param name="pattern">Such as <c>*.md</c>.</param>
    public static IEnumerable<string> Matching(string pattern) => Directory
        .EnumerateFiles(RepositoryRoot.Path, pattern, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file).Replace(Path.DirectorySeparatorChar, '/'))
        .Where(file => !file.Split('/').Any(part => Elsewhere.Contains(part, StringComparer.Ordinal)))
        .Order(StringComparer.Ordinal);
}
