using System.Text;

namespace Ci.Data;

/// <summary>Writes the remotes of <c>.dvc/config</c>, as <c>dvc remote</c> does; everything else in the file stays as it is.</summary>
public static class RemoteSettings
{
    /// <summary>Adds a remote.</summary>
    /// <param name="root">The project's folder.</param>
    /// <param name="name">Letters, digits, '-', '_', '.'.</param>
    /// <param name="url">An address; or a folder as an absolute path, which is written relative to the file if it lies in the project.</param>
    /// <param name="asDefault">It becomes the remote that is used when none is named.</param>
    /// <param name="replace">One of that name may be there already.</param>
    /// <exception cref="DataException">The name cannot be one, or is taken.</exception>
    public static void Add(string root, string name, string url, bool asDefault, bool replace)
    {
        if (name.Length is 0 or > 100 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new DataException($"`{name}` is no name for a remote: letters, digits, '-', '_' and '.' only");
        if (url.Length == 0 || url.Any(char.IsControl))
            throw new DataException($"the remote {name} needs an address: a folder or a URL, on one line");
        var lines = Read(root);
        var section = $"['remote \"{name}\"']";
        if (SectionAt(lines, section) >= 0 && !replace)
            throw new DataException($"the remote {name} is in .dvc/config already; --force replaces it");
        Set(lines, section, "url", Written(root, url));
        if (asDefault)
            Set(lines, "[core]", "remote", name);
        Write(root, lines);
    }

    // Relative paths in the file are relative to the file, so that a clone elsewhere finds what travels with the repository.
    private static string Written(string root, string url) =>
        Path.IsPathRooted(url) && url.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetRelativePath(Path.Combine(root, ".dvc"), url) : url;

    private static void Set(List<string> lines, string section, string key, string value)
    {
        var start = SectionAt(lines, section);
        if (start < 0)
        {
            lines.Add(section);
            start = lines.Count - 1;
        }

        var end = lines.FindIndex(start + 1, IsSection);
        end = end < 0 ? lines.Count : end;
        var at = lines.FindIndex(start + 1, end - start - 1, line => line.Split('=')[0].Trim() == key);
        if (at >= 0)
            lines[at] = $"    {key} = {value}";
        else
            lines.Insert(end, $"    {key} = {value}");
    }

    private static int SectionAt(List<string> lines, string section) => lines.FindIndex(line => line.Trim() == section);

    private static bool IsSection(string line) => line.TrimStart().StartsWith('[');

    private static string File(string root) => Path.Combine(root, ".dvc", "config");

    private static List<string> Read(string root) => System.IO.File.Exists(File(root)) ? [.. System.IO.File.ReadAllLines(File(root))] : [];

    private static void Write(string root, List<string> lines)
    {
        var temporary = File(root) + ".tmp";
        System.IO.File.WriteAllText(temporary, string.Join('\n', lines) + "\n", new UTF8Encoding(false));
        System.IO.File.Move(temporary, File(root), overwrite: true);
    }
}
