using System.Globalization;
using System.Text;

namespace Ci.Git;

/// <content>Reading and writing objects; nothing here touches a work tree or the shared index.</content>
public sealed partial class GitRepository
{
    private const string SymbolicLink = "120000";

    /// <summary>A file's bytes at a revision; null when the path (or the revision) does not exist or is no file.</summary>
    public async Task<byte[]?> ReadFileAsync(string revision, string path, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var result = await this.git.TryAsync(["cat-file", "blob", $"{GitNames.Revision(revision)}:{path}"], ct);
        return result.ExitCode == 0 ? result.Output : null;
    }

    /// <summary>A file whose owner nobody knows: what is there, how large it is, and its bytes only where they are at most <paramref name="mostBytes"/>.</summary>
    /// <returns>Null: nothing is there. Else its kind (<c>blob</c>, <c>link</c>, <c>tree</c>, <c>commit</c>), its size, and the bytes of a blob that is small enough.</returns>
    public async Task<(string Kind, long Size, byte[]? Bytes)?> ReadBoundedAsync(string revision, string path, long mostBytes, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var listed = await this.git.RunAsync(["ls-tree", "-z", "--long", "--full-tree", GitNames.Revision(revision), "--", path], ct);
        var entry = listed.Fields.FirstOrDefault(field => field.EndsWith('\t' + path, StringComparison.Ordinal));
        if (entry is null)
            return null;
        // "100644 blob ID    SIZE<tab>PATH"; a link is a blob of another mode.
        var facts = entry[..entry.IndexOf('\t', StringComparison.Ordinal)].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (mode, kind, id) = (facts[0], facts[1], facts[2]);
        if (kind != "blob" || mode == SymbolicLink)
            return (kind == "blob" ? "link" : kind, 0, null);
        if (!long.TryParse(facts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            throw new GitException($"{this.Path} lists {path} at {revision} and does not hold it");
        return (kind, size, size > mostBytes ? null : (await this.git.RunAsync(["cat-file", "blob", id], ct)).Output);
    }

    /// <summary>The entries of a tree at or below a path; an absent path gives none. Folders are listed only when not recursive.</summary>
    public async Task<IReadOnlyList<GitTreeEntry>> ListTreeAsync(
        string revision, string path = "", bool recursive = true, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        List<string> arguments = ["ls-tree", "-z", "--full-tree"];
        if (recursive)
            arguments.Add("-r");
        arguments.Add(GitNames.Revision(revision));
        var folder = path.TrimEnd('/');
        if (folder.Length > 0)
            arguments.AddRange(["--", recursive ? folder : folder + "/"]);
        var result = await this.git.RunAsync(arguments, ct);
        return [.. result.Fields.Select(EntryOf)];
    }

    /// <summary>The id of a revision's root tree.</summary>
    /// <exception cref="GitException">The revision does not exist.</exception>
    public async Task<string> TreeOfAsync(string revision, CancellationToken ct = default) =>
        (await this.git.RunAsync(["rev-parse", "--verify", $"{GitNames.Revision(revision)}^{{tree}}"], ct)).Line;

    /// <summary>
    /// Writes the tree of a revision (null: the empty tree) with changes: bytes replace or add a file (keeping its mode when it exists),
    /// null deletes it. Uses a private index and no work tree, so it works in bare repositories and beside other writers.
    /// </summary>
    /// <returns>The new tree's id.</returns>
    public async Task<string> WriteTreeAsync(string? baseRevision, IReadOnlyDictionary<string, byte[]?> changes, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var folder = Directory.CreateTempSubdirectory("mlops-index-");
        try
        {
            var index = new Dictionary<string, string>(StringComparer.Ordinal) { ["GIT_INDEX_FILE"] = System.IO.Path.Combine(folder.FullName, "index") };
            await this.git.RunAsync(["read-tree", baseRevision is null ? "--empty" : GitNames.Revision(baseRevision)], ct, environment: index);
            var modes = await this.ModesAsync(index, changes.Keys, ct);
            var lines = new StringBuilder();
            foreach (var (path, bytes) in changes.OrderBy(c => c.Key, StringComparer.Ordinal))
            {
                if (bytes is null)
                    lines.Append("0 ").Append('0', 40).Append('\t').Append(path).Append('\0');
                else
                    lines.Append(CultureInfo.InvariantCulture, $"{modes.GetValueOrDefault(path, "100644")} {await this.WriteBlobAsync(bytes, ct)}\t{path}\0");
            }

            await this.git.RunAsync(["update-index", "-z", "--index-info"], ct, Encoding.UTF8.GetBytes(lines.ToString()), index);
            return (await this.git.RunAsync(["write-tree"], ct, environment: index)).Line;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Writes a commit object; no reference moves.</summary>
    /// <returns>The commit's id.</returns>
    public async Task<string> CommitTreeAsync(string tree, IReadOnlyList<string> parents, string message, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(parents);
        string[] arguments = ["commit-tree", GitNames.Revision(tree), .. parents.SelectMany(p => new[] { "-p", GitNames.Revision(p) })];
        return (await this.git.RunAsync(arguments, ct, Encoding.UTF8.GetBytes(message))).Line;
    }

    private static GitTreeEntry EntryOf(string field)
    {
        var tab = field.IndexOf('\t', StringComparison.Ordinal);
        var facts = field[..tab].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new GitTreeEntry(facts[0], facts[1], facts[2], field[(tab + 1)..]);
    }

    private async Task<Dictionary<string, string>> ModesAsync(IReadOnlyDictionary<string, string> index, IEnumerable<string> paths, CancellationToken ct)
    {
        foreach (var path in paths)
        {
            if (path.Contains('\0') || path.Split('/').Any(part => part is "" or "." or ".." || part.Equals(".git", StringComparison.OrdinalIgnoreCase)))
                throw new GitRefusedException($"`{path.Replace('\0', '?')}` cannot be a path in a tree: it must stay inside it and out of .git");
        }

        var listed = await this.git.RunAsync(["ls-files", "-s", "-z", "--full-name", "--", .. paths], ct, environment: index);
        return listed.Fields.Select(field => (Mode: field[..6], Path: field[(field.IndexOf('\t', StringComparison.Ordinal) + 1)..]))
            .Where(entry => entry.Mode == "100755")
            .ToDictionary(entry => entry.Path, entry => entry.Mode, StringComparer.Ordinal);
    }

    private async Task<string> WriteBlobAsync(byte[] bytes, CancellationToken ct) =>
        (await this.git.RunAsync(["hash-object", "-w", "--stdin"], ct, bytes)).Line;
}
