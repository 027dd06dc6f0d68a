using Ci.Data;
using Ci.Git;

namespace Ci.Pipelines.Experiments;

/// <summary>A project in its Git repository, with its experiments.</summary>
public sealed class ExperimentWorkspace
{
    private static readonly string[] Settings = [".dvc/config", ".dvc/.gitignore", ".dvcignore"];

    private ExperimentWorkspace(Project project, GitRepository git)
    {
        this.Project = project;
        this.Git = git;
        this.Store = new ExperimentStore(git);
    }

    public Project Project { get; }

    public GitRepository Git { get; }

    public ExperimentStore Store { get; }

    /// <summary>Where trials run and logs lie: below <c>.dvc/tmp</c>, which Git ignores.</summary>
    public string Folder => Path.Combine(this.Project.Root, ".dvc", "tmp", "exps");

    /// <summary>Opens the repository that a project lies in.</summary>
    /// <exception cref="PipelineException">It lies in none.</exception>
    public static async Task<ExperimentWorkspace> OpenAsync(Project project, GitOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(project);
        try
        {
            return new ExperimentWorkspace(project, await GitRepository.OpenAsync(project.Root, options, ct));
        }
        catch (NotARepositoryException error)
        {
            throw new PipelineException($"{project.Root} is in no Git repository, and experiments are kept as Git commits; run `git init`, and commit what you have", error);
        }
    }

    /// <summary>The same for a work tree of the same repository.</summary>
    internal static ExperimentWorkspace Of(Project project, GitRepository git) => new(project, git);

    /// <summary>The commit that experiments begin from: the one that is checked out.</summary>
    /// <exception cref="PipelineException">There is no commit yet.</exception>
    public async Task<string> HeadAsync(CancellationToken ct = default) => await this.Git.ResolveAsync("HEAD", ct)
        ?? throw new PipelineException("this repository has no commit yet, and every experiment begins from one; `git add` the project and `git commit` first");

    /// <summary>A path as Git names it.</summary>
    public string InGit(string path) => Path.GetRelativePath(this.Git.Path, Path.GetFullPath(path, this.Project.Root)).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>
    /// The state of the work tree as a Git tree: what is tracked, and what belongs to the pipeline though nobody has added it yet (descriptions,
    /// locks, pointers, parameters, outputs that are no cached data).
    /// </summary>
    /// <param name="pipeline">Null when it cannot be read: then what is tracked alone.</param>
    /// <param name="also">More files, from the project's root.</param>
    /// <param name="ct">Ends git.</param>
    public async Task<string> SnapshotAsync(Pipeline? pipeline, IEnumerable<string> also, CancellationToken ct = default)
    {
        if (pipeline is null)
            return await this.Git.SnapshotAsync([.. also.Select(this.InGit)], ct);
        var files = pipeline.Stages.SelectMany(s => new[] { Path.Combine(s.Folder, PipelineFile.Name), Path.Combine(s.Folder, LockFile.Name) })
            .Concat(pipeline.Stages.SelectMany(s => s.Parameters).Concat(pipeline.TopLevel.Parameters).Select(p => p.FullPath))
            .Concat(pipeline.Stages.SelectMany(s => s.Outputs).Where(o => !o.Cache).Concat(pipeline.TopLevel.Metrics).Select(o => o.FullPath))
            .Concat(pipeline.TopLevel.Plots.SelectMany(p => p.Series).Select(s => s.FullPath))
            .Concat(pipeline.Pointers.Select(p => p.File))
            .Concat(Settings.Append(PipelineFile.DefaultParameters).Select(f => Path.Combine(this.Project.Root, f)))
            .Concat(also.Select(f => Path.Combine(this.Project.Root, f)));
        var cached = pipeline.Stages.SelectMany(s => s.Outputs).Where(o => o.Cache).Select(o => o.FullPath).Concat(pipeline.Pointers.Select(p => p.Target)).ToList();
        var chosen = files.Where(f => this.Project.Contains(f) && !cached.Any(c => f == c || f.StartsWith(c + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
        return await this.Git.SnapshotAsync([.. chosen.Select(this.InGit).Distinct(StringComparer.Ordinal)], ct);
    }

    /// <summary>A tree with parameters set in it; nothing in the work tree changes.</summary>
    /// <param name="tree">A tree or revision.</param>
    /// <param name="changes">In the order given.</param>
    /// <param name="note">Told when a file's layout could not be kept.</param>
    /// <param name="ct">Ends git.</param>
    public async Task<string> WithParametersAsync(string tree, IReadOnlyList<ParameterOverride> changes, Action<string> note, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(note);
        if (changes.Count == 0)
            return tree;
        var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var file in changes.GroupBy(c => c.File, StringComparer.Ordinal))
        {
            var path = this.InGit(file.Key);
            files[path] = ParameterEditor.Apply(file.Key, await this.Git.ReadFileAsync(tree, path, ct), file, out var rewritten);
            if (rewritten)
                note($"{file.Key}: the layout could not be kept; the values are right");
        }

        return await this.Git.WriteTreeAsync(tree, files, ct);
    }

    /// <summary>Sets parameters in the files of the work tree.</summary>
    public void SetParameters(IReadOnlyList<ParameterOverride> changes, Action<string> note)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(note);
        var edited = new List<(string Path, byte[] Bytes)>();
        // All or none: a second file with an unknown key must not leave the first one changed.
        foreach (var file in changes.GroupBy(c => c.File, StringComparer.Ordinal))
        {
            var path = Path.Combine(this.Project.Root, file.Key);
            edited.Add((path, ParameterEditor.Apply(file.Key, File.Exists(path) ? File.ReadAllBytes(path) : null, file, out var rewritten)));
            if (rewritten)
                note($"{file.Key}: the layout could not be kept; the values are right");
        }

        foreach (var (path, bytes) in edited)
            Ci.Storage.FileSystem.DurableFiles.Replace(path, bytes);
    }
}
