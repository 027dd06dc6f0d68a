using System.Text;

namespace Ci.Git;

/// <content>What experiments need: states of the work tree as trees, without touching the index that people see.</content>
public sealed partial class GitRepository
{
    private const string RefFormat = "%(refname)%00%(objectname)%00%(committerdate:iso-strict)%00%(contents)%00";
    private const int RefFields = 4;

    /// <summary>The local references below a prefix that point to commits, by name in ordinal order; one call of git for all.</summary>
    /// <param name="prefix">A full name or a folder of names: <c>refs/exps</c>.</param>
    /// <param name="ct">Ends git.</param>
    public async Task<IReadOnlyList<GitRef>> RefsAsync(string prefix, CancellationToken ct = default)
    {
        var result = await this.git.RunAsync(["for-each-ref", $"--format={RefFormat}", GitNames.FullRef(prefix)], ct);
        var fields = result.Text.Split('\0');
        return [.. fields.Take(fields.Length - 1).Chunk(RefFields).Where(f => f[2].Length > 0)
            .Select(f => new GitRef(f[0].TrimStart('\n'), f[1], DateOf(f[2]), f[3].TrimEnd('\n'))).OrderBy(r => r.Name, StringComparer.Ordinal)];
    }

    /// <summary>Whether git allows the full name of a reference.</summary>
    public async Task<bool> IsRefNameAsync(string name, CancellationToken ct = default) =>
        !name.StartsWith('-') && !name.Any(char.IsControl) && (await this.git.TryAsync(["check-ref-format", name], ct)).ExitCode == 0;

    /// <summary>
    /// The work tree as it is now, as a tree: what is tracked (changed, deleted or staged), and the files named on top, ignored or not. The
    /// index that people see stays as it is.
    /// </summary>
    /// <param name="also">Files from <see cref="Path"/>; those that do not exist are passed over.</param>
    /// <param name="ct">Ends git.</param>
    /// <returns>The tree's id.</returns>
    public async Task<string> SnapshotAsync(IReadOnlyCollection<string> also, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(also);
        var folder = Directory.CreateTempSubdirectory("mlops-index-");
        try
        {
            var index = new Dictionary<string, string>(StringComparer.Ordinal) { ["GIT_INDEX_FILE"] = System.IO.Path.Combine(folder.FullName, "index") };
            var real = System.IO.Path.Combine(this.Path, (await this.git.RunAsync(["rev-parse", "--git-path", "index"], ct)).Line);
            if (File.Exists(real))
                File.Copy(real, index["GIT_INDEX_FILE"]);
            await this.git.RunAsync(["add", "--update", "--", "."], ct, environment: index);
            var present = also.Where(path => File.Exists(System.IO.Path.Combine(this.Path, path))).ToList();
            if (present.Count > 0)
                await this.git.RunAsync(["add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"], ct, Encoding.UTF8.GetBytes(string.Join('\0', present)), index);
            return (await this.git.RunAsync(["write-tree"], ct, environment: index)).Line;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Files that are neither tracked nor ignored, from <see cref="Path"/>.</summary>
    public async Task<IReadOnlyList<string>> UntrackedAsync(CancellationToken ct = default) =>
        (await this.git.RunAsync(["ls-files", "-z", "--others", "--exclude-standard"], ct)).Fields;

    /// <summary>The files in which two revisions or trees differ, from <see cref="Path"/>, with git's letter: <c>A</c>, <c>M</c>, <c>D</c>, <c>T</c>.</summary>
    public async Task<IReadOnlyList<(char Letter, string Path)>> ChangesAsync(string from, string to, CancellationToken ct = default)
    {
        var result = await this.git.RunAsync(["diff-tree", "-r", "-z", "--no-renames", "--name-status", GitNames.Revision(from), GitNames.Revision(to)], ct);
        return [.. result.Fields.Chunk(2).Select(pair => (pair[0][0], pair[1]))];
    }

    /// <summary>Makes files of the work tree be as they are in a revision (absent there: removed); the index stays as it is.</summary>
    public async Task RestoreAsync(string revision, IReadOnlyCollection<string> paths, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var entries = (await this.git.RunAsync(["ls-tree", "-r", "-z", "--full-tree", GitNames.Revision(revision)], ct)).Fields.Select(EntryOf).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in paths.Where(p => !entries.Contains(p)))
            File.Delete(System.IO.Path.Combine(this.Path, gone));
        var wanted = paths.Where(entries.Contains).ToList();
        if (wanted.Count > 0)
        {
            await this.git.RunAsync(
                ["restore", $"--source={GitNames.Revision(revision)}", "--worktree", "--pathspec-from-file=-", "--pathspec-file-nul"], ct, Encoding.UTF8.GetBytes(string.Join('\0', wanted)));
        }
    }

    /// <summary>Writes the commits from a reference down to (without) a base into one file that another clone can fetch from.</summary>
    public async Task BundleAsync(string file, string reference, string withoutCommit, CancellationToken ct = default) =>
        await this.git.RunAsync(["bundle", "create", "--quiet", file, GitNames.FullRef(reference), $"^{GitNames.Revision(withoutCommit)}"], ct);
}
