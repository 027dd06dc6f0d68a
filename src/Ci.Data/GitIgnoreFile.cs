using Ci.Storage.FileSystem;

namespace Ci.Data;

/// <summary>Keeps data that lies in the cache out of Git: one line <c>/name</c> in the <c>.gitignore</c> beside it.</summary>
public static class GitIgnoreFile
{
    private const string Name = ".gitignore";

    /// <summary>Adds the line if it is missing.</summary>
    /// <param name="project">Whose file.</param>
    /// <param name="path">What is ignored, absolute.</param>
    /// <param name="before">The line stands before those of these paths: stages run at the same time, but the file must not depend on which ends first.</param>
    /// <returns>The file that was changed, or null.</returns>
    public static string? Add(Project project, string path, IReadOnlyCollection<string>? before = null)
    {
        ArgumentNullException.ThrowIfNull(project);
        if (project.Config.NoGit || GitRoot(project.Root) is not { } top)
            return null;
        // What a pattern of Git's ignores already, here or above, needs no line of its own.
        if (new IgnoreRules(top, Name).IgnoresAnywhere(path, Directory.Exists(path)))
            return null;
        var file = Path.Combine(Path.GetDirectoryName(path)!, Name);
        string? changed = null;
        // Two commands may add to one file at the same time; neither line must be lost.
        project.Locks.While("gitignore", () => changed = AddLine(file, path, before ?? []));
        return changed;
    }

    /// <summary>What of some entries of a folder no pattern of Git ignores yet.</summary>
    internal static IEnumerable<string> NotIgnored(string folder, IEnumerable<string> names)
    {
        if (GitRoot(folder) is not { } top)
            return names;
        var rules = new IgnoreRules(top, Name);
        return names.Where(name => !rules.Ignores(Path.Combine(folder, name), isFolder: !name.Contains('.', StringComparison.Ordinal)));
    }

    private static string? AddLine(string file, string path, IReadOnlyCollection<string> before)
    {
        var name = Path.GetFileName(path);
        var text = File.Exists(file) ? File.ReadAllText(file) : "";
        var line = "/" + Escaped(name);
        if (text.Split('\n').Any(l => l.TrimEnd('\r') is var entry && (entry == line || entry == Escaped(name))))
            return null;
        var later = before.Select(p => $"\n{text}".IndexOf($"\n/{Escaped(Path.GetFileName(p))}\n", StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        if (later >= 0)
        {
            DurableFiles.Replace(file, System.Text.Encoding.UTF8.GetBytes(text.Insert(later, line + "\n")));
            return file;
        }

        DurableFiles.Replace(file, System.Text.Encoding.UTF8.GetBytes($"{text}{(text.Length > 0 && !text.EndsWith('\n') ? "\n" : "")}{line}\n"));
        return file;
    }

    private static string? GitRoot(string root)
    {
        for (var at = new DirectoryInfo(root); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
                return Path.TrimEndingDirectorySeparator(at.FullName);
        }

        return null;
    }

    // DVC escapes these wherever they stand, and a space at the end, which Git would not see.
    private static string Escaped(string name)
    {
        var text = string.Concat(name.Select(c => "\\[]!*#?".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c.ToString()));
        return text.EndsWith(' ') ? text[..^1] + "\\ " : text;
    }
}
