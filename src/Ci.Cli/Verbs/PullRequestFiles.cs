using System.Text;
using System.Text.RegularExpressions;
using Ci.Git;
using Ci.Jobs;

namespace Ci.Cli.Verbs;

/// <summary>Which files a pull request takes: those that match, and differ from the last commit; what Git ignores is never among them.</summary>
internal static class PullRequestFiles
{
    private const long Largest = 100 * 1024 * 1024;

    /// <summary>The bytes of each by its path from the repository's root.</summary>
    public static async Task<Dictionary<string, byte[]?>> FindAsync(CliContext context, GitRepository repository, string[] globs, CancellationToken ct)
    {
        var changed = await repository.ChangedFilesAsync(ct);
        var changes = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var glob in globs)
        {
            var pattern = Path.GetRelativePath(repository.Path, context.FullPath(glob)).Replace('\\', '/');
            if (pattern.StartsWith("..", StringComparison.Ordinal))
                throw new CliException($"'{LogText.Line(glob, 100)}' lies outside the repository at {repository.Path}");
            var expression = new Regex(Expression(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
            foreach (var path in changed.Where(path => expression.IsMatch(path)))
                changes[path] = Read(repository, path);
            if (!changed.Any(expression.IsMatch) && !pattern.AsSpan().ContainsAny("*?{") && !Path.Exists(context.FullPath(glob)))
                throw new CliException($"'{LogText.Line(glob, 100)}' names no file of the repository at {repository.Path}");
        }

        return changes;
    }

    private static byte[] Read(GitRepository repository, string path)
    {
        var file = new FileInfo(Path.Combine(repository.Path, path));
        if (file.LinkTarget is not null)
            throw new CliException($"{LogText.Line(path, 200)} is a link: name the file that it leads to");
        return file.Length <= Largest
            ? File.ReadAllBytes(file.FullName)
            : throw new CliException($"{LogText.Line(path, 200)} has {file.Length} bytes, more than forges take in Git: track it with `mlops add`");
    }

    // '*' and '?' stay within a name, '**' does not, '{a,b}' is either; a folder's name means all below it.
    private static string Expression(string pattern)
    {
        if (pattern == ".")
            return "";
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var isDouble = pattern[i] == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*';
            if (isDouble && i + 2 < pattern.Length && pattern[i + 2] == '/')
                (i, _) = (i + 2, text.Append("(?:.*/)?"));
            else if (isDouble)
                (i, _) = (i + 1, text.Append(".*"));
            else
                text.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", '{' => "(?:", '}' => ")", ',' => "|", var c => Regex.Escape(c.ToString()) });
        }

        return text.Append("(?:/.*)?$").ToString();
    }
}
