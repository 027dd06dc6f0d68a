using Ci.Data;
using Ci.Git;

namespace Ci.Pipelines.Experiments;

/// <summary>
/// A folder of a trial's own: a Git work tree below <c>.dvc/tmp/exps</c> that shares the project's cache. It goes when it is disposed; one that a
/// killed process left is swept away by the next command.
/// </summary>
internal sealed class TrialFolder : IAsyncDisposable
{
    private const string Prefix = "trial-";
    private const string Objects = "mlops-objects";

    private readonly ExperimentWorkspace home;
    private readonly FileLock held;
    private readonly string path;

    private TrialFolder(ExperimentWorkspace home, string path, FileLock held) => (this.home, this.path, this.held) = (home, path, held);

    /// <summary>The project in the folder.</summary>
    public ExperimentWorkspace Workspace { get; private set; } = null!;

    /// <summary>Makes one.</summary>
    /// <param name="home">The project that it is a copy of.</param>
    /// <param name="commit">The state that it begins with.</param>
    /// <param name="copy">Files and folders that Git does not know, from the project's root.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends it, and leaves nothing.</param>
    public static async Task<TrialFolder> OpenAsync(ExperimentWorkspace home, string commit, IReadOnlyList<string> copy, TimeProvider time, CancellationToken ct)
    {
        Directory.CreateDirectory(home.Folder);
        var id = Prefix + Guid.NewGuid().ToString("N")[..12];
        var folder = new TrialFolder(home, Path.Combine(home.Folder, id), home.Project.Locks.TryTake(LockName(id)) ?? throw new PipelineException($"the lock of {id} is held by another process"));
        try
        {
            // Git writes its list of work trees without a lock of its own.
            using (await home.Project.Locks.TakeAsync("experiment worktrees", _ => { }, ct))
                await folder.FillAsync(await home.Git.AddWorktreeAsync(folder.path, commit, ct), copy, time);
            return folder;
        }
        catch
        {
            await folder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes the folders whose processes are gone.</summary>
    public static async Task SweepAsync(ExperimentWorkspace home, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(home);
        foreach (var left in Directory.Exists(home.Folder) ? Directory.EnumerateDirectories(home.Folder, Prefix + "*").ToList() : [])
        {
            if (home.Project.Locks.TryTake(LockName(Path.GetFileName(left))) is not { } dead)
                continue;
            using (dead)
            using (await home.Project.Locks.TakeAsync("experiment worktrees", _ => { }, ct))
                await home.Git.RemoveWorktreeAsync(left, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Also after Ctrl-C: nothing may stay behind, so this does not listen to the token that ended the trial.
        using (await this.home.Project.Locks.TakeAsync("experiment worktrees", _ => { }))
            await this.home.Git.RemoveWorktreeAsync(this.path);
        this.held.Dispose();
    }

    private static string LockName(string id) => $"experiment folder {id}";

    private async Task FillAsync(GitRepository git, IReadOnlyList<string> copy, TimeProvider time)
    {
        var inside = Path.GetRelativePath(this.home.Git.Path, this.home.Project.Root);
        var root = inside == "." ? this.path : Path.Combine(this.path, inside);
        var settings = Path.Combine(root, ".dvc");
        Directory.CreateDirectory(Path.Combine(settings, "tmp"));
        var local = Path.Combine(settings, "config.local");
        await File.WriteAllTextAsync(local, LocalConfig.For(this.home.Project));
        // Keys may stand in it.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(local, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // What is known of the shared cache's objects need not be read again.
        var known = Path.Combine(this.home.Project.Root, ".dvc", "tmp", Objects);
        if (File.Exists(known))
            File.Copy(known, Path.Combine(settings, "tmp", Objects), overwrite: true);
        foreach (var wanted in copy)
            Copy(Path.Combine(this.home.Project.Root, wanted), Path.Combine(root, wanted), wanted);
        this.Workspace = ExperimentWorkspace.Of(Project.Open(root, time), git);
        this.Checkout();
    }

    private static void Copy(string from, string to, string shown)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
        }
        else if (Directory.Exists(from))
        {
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
                Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)), shown);
        }
        else
            throw new PipelineException($"`{shown}` (--copy-paths) does not exist");
    }

    private void Checkout()
    {
        var project = this.Workspace.Project;
        foreach (var output in Pipeline.Load(project).Tracked([], project.Root))
        {
            try
            {
                project.Workspace.Restore(output.Path, output.Digest, force: true);
            }
            catch (MissingDataException)
            {
                // No error yet: the stage that needs it says so, or makes it.
            }
        }
    }
}
