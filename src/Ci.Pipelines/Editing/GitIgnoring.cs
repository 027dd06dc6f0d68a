using System.Text;
using Ci.Data;
using Ci.Storage.FileSystem;

namespace Ci.Pipelines.Editing;

/// <summary>Takes back what <see cref="GitIgnoreFile.Add"/> wrote, when data is not tracked any more.</summary>
public static class GitIgnoring
{
    /// <summary>Removes the line for a path from the <c>.gitignore</c> beside it; a file that holds nothing else goes, too.</summary>
    /// <returns>The file that was changed or removed, or null.</returns>
    public static string? Remove(Project project, string path)
    {
        ArgumentNullException.ThrowIfNull(project);
        var file = Path.Combine(Path.GetDirectoryName(path)!, ".gitignore");
        string? changed = null;
        // As when a line is added: two commands may change one file at the same time.
        project.Locks.While("gitignore", () =>
        {
            if (!File.Exists(file))
                return;
            var text = File.ReadAllText(file);
            var line = "/" + Escaped(Path.GetFileName(path));
            var kept = text.Split('\n').Where(l => l.TrimEnd('\r') != line).ToList();
            var less = string.Join('\n', kept);
            if (less == text)
                return;
            if (less.Trim().Length == 0)
                File.Delete(file);
            else
                DurableFiles.Replace(file, Encoding.UTF8.GetBytes(less));
            changed = file;
        });
        return changed;
    }

    // As Git reads it; the same as what adds the line.
    private static string Escaped(string name)
    {
        var text = string.Concat(name.Select(c => "\\*?[]".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c.ToString()));
        return text.EndsWith(' ') ? text[..^1] + "\\ " : text;
    }
}
