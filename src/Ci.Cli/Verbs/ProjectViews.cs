using Ci.Data;
using Ci.Git;
using Ci.Pipelines;
using Ci.Pipelines.Revisions;

namespace Ci.Cli.Verbs;

/// <summary>The revisions that one command looks at, all through one git process that starts when the first is asked for.</summary>
internal sealed class ProjectViews(CliContext context, Project project) : IDisposable
{
    private readonly List<ProjectView> opened = [];
    private GitReader? git;

    public Project Project { get; } = project;

    public GitReader Git => this.git ??= GitReader.Start(this.Project.Root, options: GitSettings.Of(context));

    /// <summary>There is a commit to compare with; a repository that has just begun has none.</summary>
    public bool HasCommits => this.Git.Resolve("HEAD") is not null;

    public static ProjectViews Open(CliContext context) => new(context, Project.Open(context.WorkingDirectory, context.Time, context.Environment));

    /// <summary>One view, for as long as this object lives.</summary>
    /// <param name="revision">Null or <c>workspace</c>: the files as they are.</param>
    public ProjectView Of(string? revision)
    {
        ProjectView view = revision is null or ProjectView.Workspace
            ? new WorkspaceView(Loaded(context, this.Project))
            : RevisionView.Open(this.Git, revision, this.Project, context.Time);
        this.opened.Add(view);
        return view;
    }

    /// <summary>Targets as people write them (relative to where they are) as paths from the project's root.</summary>
    public IReadOnlyList<string> Targets(IEnumerable<string>? targets) =>
        [.. (targets ?? []).Select(target => Path.TrimEndingDirectorySeparator(context.FullPath(target))).Select(full => this.Project.Contains(full)
            ? this.Project.Shown(full) is "." ? "" : this.Project.Shown(full)
            : throw new CliException($"`{full}` lies outside of the project {this.Project.Root}"))];

    /// <summary>A path from the project's root as it is written from where the user is.</summary>
    public string FromHere(string path)
    {
        var relative = Path.GetRelativePath(context.WorkingDirectory, Path.Combine(this.Project.Root, path)).Replace(Path.DirectorySeparatorChar, '/');
        return path.EndsWith('/') && !relative.EndsWith('/') ? relative + "/" : relative;
    }

    public void Dispose()
    {
        this.opened.ForEach(view => view.Dispose());
        this.git?.Dispose();
        this.Project.SaveState();
    }

    private static Pipeline Loaded(CliContext context, Project project)
    {
        var pipeline = Pipeline.Load(project);
        foreach (var warning in pipeline.Warnings)
            context.Note($"mlops: {warning}");
        return pipeline;
    }
}
