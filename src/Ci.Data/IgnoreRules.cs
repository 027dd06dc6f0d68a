using System.Collections.Concurrent;

namespace Ci.Data;

/// <summary>What <c>.dvcignore</c> files keep out of tracked folders and out of the search for stages; they hold for their folder and all below.</summary>
public sealed class IgnoreRules
{
    public const string Name = ".dvcignore";

    private static readonly string[] Unseen = [".dvc", ".git", ".hg"];

    private readonly string root;
    private readonly string fileName;
    private readonly ConcurrentDictionary<string, IgnorePattern[]> byFolder = new(StringComparer.Ordinal);

    /// <summary>Files of a name below a folder; Git's are written alike.</summary>
    internal IgnoreRules(string root, string fileName = Name) => (this.root, this.fileName) = (root, fileName);

    /// <summary>Whether an entry is passed over, its folder being seen itself.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="isFolder">Whether it is a folder; a link to one is one.</param>
    public bool Ignores(string path, bool isFolder)
    {
        var name = Path.GetFileName(path.AsSpan());
        foreach (var unseen in Unseen)
        {
            if (name.SequenceEqual(unseen))
                return true;
        }

        // As in Git, the last pattern that matches decides.
        var patterns = this.In(Path.GetDirectoryName(path)!);
        for (var i = patterns.Length - 1; i >= 0; i--)
        {
            if (patterns[i].Matches(path, isFolder))
                return !patterns[i].IsNegated;
        }

        return false;
    }

    /// <summary>As <see cref="Ignores"/>, or a folder above it is ignored.</summary>
    public bool IgnoresAnywhere(string path, bool isFolder) =>
        path.Length > this.root.Length && (this.IgnoresAnywhere(Path.GetDirectoryName(path)!, isFolder: true) || this.Ignores(path, isFolder));

    /// <summary>Whether any pattern holds for what lies in a folder.</summary>
    internal bool HasPatterns(string folder) => this.In(folder).Length > 0;

    private IgnorePattern[] In(string folder)
    {
        if (this.byFolder.TryGetValue(folder, out var known))
            return known;
        var outer = folder.Length <= this.root.Length ? [] : this.In(Path.GetDirectoryName(folder)!);
        var file = Path.Combine(folder, this.fileName);
        return this.byFolder[folder] = File.Exists(file) ? [.. outer, .. Read(file, folder)] : outer;
    }

    private static IEnumerable<IgnorePattern> Read(string file, string folder) =>
        File.ReadAllLines(file).Select((line, i) => IgnorePattern.Read(line, folder, $"{file}:{i + 1}")).OfType<IgnorePattern>();
}
