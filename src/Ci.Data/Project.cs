namespace Ci.Data;

/// <summary>A project with data under control: the folder that holds <c>.dvc</c>, its settings, its cache.</summary>
public sealed class Project
{
    private readonly Files.FileStates objects;
    private bool? keepsModes;

    private Project(string root, ProjectConfig config, TimeProvider time)
    {
        this.Root = root;
        this.Config = config;
        this.Locks = new FileLocks(Path.Combine(root, ".dvc", "tmp", "mlops-locks"));
        this.State = new Files.FileStates(Path.Combine(root, ".dvc", "tmp", "mlops-files"), time, this.Locks);
        this.objects = new Files.FileStates(Path.Combine(root, ".dvc", "tmp", "mlops-objects"), time, this.Locks);
        this.CacheUse = new CacheUse(Path.Combine(root, ".dvc", "tmp", "mlops-cache-use"));
        this.Cache = new ObjectCache(config.CacheFolder(root), this.objects) { BeforeWriting = this.CacheUse.Share };
        this.Ignore = new IgnoreRules(root);
        this.Workspace = new Workspace(this);
    }

    /// <summary>Absolute, no trailing separator.</summary>
    public string Root { get; }

    public ProjectConfig Config { get; }

    public Files.FileStates State { get; }

    public ObjectCache Cache { get; }

    /// <summary>Keeps what writes the cache and what sweeps it apart.</summary>
    public CacheUse CacheUse { get; }

    public Workspace Workspace { get; }

    /// <summary>Between processes that work on this project at the same time.</summary>
    public FileLocks Locks { get; }

    public IgnoreRules Ignore { get; }

    /// <summary>
    /// The bit that makes a file executable means something here: not on Windows, nor on file systems that give it to every file, nor
    /// where files are links into the cache and so share it.
    /// </summary>
    public bool KeepsModes => this.keepsModes ??= !OperatingSystem.IsWindows() && this.Config["cache.type"] is null or "copy" or "reflink" or "reflink,copy"
        && Files.FileStamp.Of(Path.Combine(this.Root, ".dvc", "config")) is not { IsExecutable: true };

    /// <summary>Opens the project that the folder lies in.</summary>
    /// <exception cref="NotAProjectException">There is none.</exception>
    public static Project Open(string folder, TimeProvider time, IReadOnlyDictionary<string, string>? environment = null)
    {
        for (var at = new DirectoryInfo(Path.GetFullPath(folder)); at is not null; at = at.Parent)
        {
            if (Directory.Exists(Path.Combine(at.FullName, ".dvc")))
                return new Project(Path.TrimEndingDirectorySeparator(at.FullName), ProjectConfig.Read(at.FullName, environment), time);
        }

        throw new NotAProjectException($"{folder} is in no project: no folder `.dvc` here or above; run `mlops init` at the top of the repository");
    }

    /// <summary>Keeps what was learnt about files, for the next command.</summary>
    public void SaveState()
    {
        this.State.Save();
        this.objects.Save();
    }

    /// <summary>Makes the folder a project, as <c>dvc init</c> does.</summary>
    /// <param name="folder">Absolute.</param>
    /// <param name="noGit">Git is not used: nothing is kept out of it.</param>
    /// <param name="anew">A project that is there already goes, with its settings and its cache.</param>
    /// <exception cref="DataException">It is one already.</exception>
    public static void Initialize(string folder, bool noGit = false, bool anew = false)
    {
        var home = Path.Combine(folder, ".dvc");
        if (Directory.Exists(home))
        {
            if (!anew)
                throw new DataException($"{home} exists: this is a project already; `--force` begins anew and removes its settings and its cache");
            Directory.Delete(home, recursive: true);
        }

        Directory.CreateDirectory(Path.Combine(home, "tmp"));
        var unseen = noGit ? [] : GitIgnoreFile.NotIgnored(home, ["config.local", "tmp", "cache"]).ToList();
        if (unseen.Count > 0)
            File.WriteAllText(Path.Combine(home, ".gitignore"), string.Concat(unseen.Select(name => $"/{name}\n")));
        File.WriteAllText(Path.Combine(home, "config"), noGit ? "[core]\n    no_scm = True\n" : "");
        var ignore = Path.Combine(folder, ".dvcignore");
        if (!File.Exists(ignore))
        {
            File.WriteAllText(
                ignore,
                "# Add patterns of files dvc should ignore, which could improve\n# the performance. Learn more at\n# https://dvc.org/doc/user-guide/dvcignore\n");
        }
    }

    /// <summary>A path as people write it: relative to the root, with '/'; outside it, absolute.</summary>
    public string Shown(string path)
    {
        var relative = Path.GetRelativePath(this.Root, path);
        return this.Contains(path) ? relative.Replace(Path.DirectorySeparatorChar, '/') : path;
    }

    /// <summary>Whether an absolute path lies inside the project.</summary>
    public bool Contains(string path) =>
        path == this.Root || path.StartsWith(this.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
