namespace Ci.Git;

/// <summary>
/// One repository, bare or with a work tree, through the git command line. Safe to use from several tasks and processes at once:
/// writes go through private index files and compare-and-swap updates of references.
/// </summary>
public sealed partial class GitRepository
{
    private readonly GitProcess git;

    private GitRepository(string path, bool bare, GitOptions options)
    {
        this.Path = path;
        this.IsBare = bare;
        this.git = new GitProcess(path, options);
    }

    /// <summary>The work tree's top folder; of a bare repository, the repository itself. Absolute.</summary>
    public string Path { get; }

    /// <summary>There is no work tree.</summary>
    public bool IsBare { get; }

    /// <summary>Opens the repository that the folder lies in.</summary>
    /// <exception cref="NotARepositoryException">It lies in none.</exception>
    public static async Task<GitRepository> OpenAsync(string path, GitOptions? options = null, CancellationToken ct = default)
    {
        var settings = options ?? new GitOptions();
        var folder = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(folder))
            throw new NotARepositoryException($"{folder} is not a folder, so no Git repository either");
        // A bare repository has no top folder, which is the last thing asked for: one call of git answers for both kinds.
        var result = await new GitProcess(folder, settings).TryAsync(["rev-parse", "--is-bare-repository", "--absolute-git-dir", "--show-toplevel"], ct);
        var lines = result.Text.Split('\n');
        if (lines is ["true", { Length: > 0 } home, ..])
            return new GitRepository(home, true, settings);
        if (result.ExitCode == 0)
            return new GitRepository(string.Join('\n', lines.Skip(2)).TrimEnd('\n'), false, settings);
        throw result.Error.Contains("not a git repository", StringComparison.Ordinal)
            ? new NotARepositoryException($"{folder} is in no Git repository; run `git init` there, or go into one")
            : GitErrors.Of(["rev-parse"], result);
    }

    /// <summary>Makes a repository (the folder too); an existing one stays as it is.</summary>
    public static async Task<GitRepository> InitAsync(
        string path, bool bare = false, string initialBranch = "main", GitOptions? o = null, CancellationToken ct = default)
    {
        var settings = o ?? new GitOptions();
        var folder = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(folder);
        string[] arguments = ["init", "--quiet", "--template=", $"--initial-branch={GitNames.Revision(initialBranch)}", .. bare ? ["--bare"] : Array.Empty<string>()];
        await new GitProcess(folder, settings).RunAsync(arguments, ct);
        return new GitRepository(folder, bare, settings);
    }

    /// <summary>Clones a repository into a folder that does not exist or is empty.</summary>
    /// <exception cref="GitUnavailableException">Nothing answers at the address.</exception>
    public static async Task<GitRepository> CloneAsync(
        string url, string path, GitOptions? o = null, bool bare = false, CancellationToken ct = default)
    {
        var settings = o ?? new GitOptions();
        var folder = System.IO.Path.GetFullPath(path);
        var parent = System.IO.Path.GetDirectoryName(folder)!;
        Directory.CreateDirectory(parent);
        string[] arguments = ["clone", "--quiet", .. bare ? ["--bare"] : Array.Empty<string>(), "--", GitNames.Remote(url), folder];
        await new GitProcess(parent, settings).RunAsync(arguments, ct, environment: GitCredentials.For(url, settings));
        return new GitRepository(folder, bare, settings);
    }

    /// <summary>The full id of the commit that a revision names, or null when there is none.</summary>
    public async Task<string?> ResolveAsync(string revision, CancellationToken ct = default)
    {
        var result = await this.git.TryAsync(["rev-parse", "--verify", "--quiet", $"{GitNames.Revision(revision)}^{{commit}}"], ct);
        return result.ExitCode == 0 ? result.Line : null;
    }

    /// <summary>The branch that is checked out, without <c>refs/heads/</c>; null when the head is detached.</summary>
    public async Task<string?> CurrentBranchAsync(CancellationToken ct = default)
    {
        var result = await this.git.TryAsync(["symbolic-ref", "--quiet", "--short", "HEAD"], ct);
        return result.ExitCode == 0 ? result.Line : null;
    }

    /// <summary>Tracked files differ from the last commit. Untracked files do not count, as with <c>git describe --dirty</c>.</summary>
    public async Task<bool> IsDirtyAsync(CancellationToken ct = default) =>
        (await this.git.RunAsync(["status", "--porcelain", "-z", "--untracked-files=no"], ct)).Output.Length > 0;

    /// <summary>The best common ancestor, or null when the histories are unrelated.</summary>
    public async Task<string?> MergeBaseAsync(string a, string b, CancellationToken ct = default)
    {
        string[] arguments = ["merge-base", GitNames.Revision(a), GitNames.Revision(b)];
        var result = await this.git.TryAsync(arguments, ct);
        return result.ExitCode switch { 0 => result.Line, 1 => null, _ => throw GitErrors.Of(arguments, result) };
    }

    /// <summary>Whether the first commit is reached from the second (a commit is its own ancestor).</summary>
    public async Task<bool> IsAncestorAsync(string ancestor, string descendant, CancellationToken ct = default)
    {
        string[] arguments = ["merge-base", "--is-ancestor", GitNames.Revision(ancestor), GitNames.Revision(descendant)];
        var result = await this.git.TryAsync(arguments, ct);
        return result.ExitCode switch { 0 => true, 1 => false, _ => throw GitErrors.Of(arguments, result) };
    }

    /// <summary>Stages the paths (relative to <see cref="Path"/>): those that are there as they are, those that are gone as removed.</summary>
    public async Task AddAsync(IReadOnlyList<string> paths, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var there = paths.ToLookup(path => File.Exists(System.IO.Path.Combine(this.Path, path)));
        if (there[true].Any())
            await this.git.RunAsync(["--literal-pathspecs", "add", "--", .. there[true]], ct);
        if (there[false].Any())
            await this.git.RunAsync(["--literal-pathspecs", "rm", "--cached", "--quiet", "--ignore-unmatch", "--", .. there[false]], ct);
    }

    /// <summary>Stages the paths (relative to <see cref="Path"/>) and commits them alone; when they hold nothing new, nothing happens.</summary>
    public async Task AddAndCommitAsync(IReadOnlyList<string> paths, string message, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        await this.git.RunAsync(["add", "--", .. paths], ct);
        var staged = await this.git.TryAsync(["diff", "--cached", "--quiet", "--", .. paths], ct);
        if (staged.ExitCode == 0)
            return;
        await this.git.RunAsync(["commit", "--quiet", "--no-gpg-sign", "--file=-", "--only", "--", .. paths], ct, System.Text.Encoding.UTF8.GetBytes(message));
    }
}
