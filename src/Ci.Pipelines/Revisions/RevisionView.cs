using Ci.Data;
using Ci.Git;

namespace Ci.Pipelines.Revisions;

/// <summary>
/// The project as it was at a commit. The few files that describe it (<c>dvc.yaml</c>, locks, pointers, what <c>vars</c> names) are put
/// into a folder of their own, so that one reader reads workspace and history alike; all else stays in Git and the cache.
/// </summary>
public sealed class RevisionView : ProjectView
{
    private readonly GitReader git;
    private readonly string prefix;
    private readonly RevisionFiles files;
    private readonly Project home;
    private readonly Lazy<Pipeline> pipeline;

    private RevisionView(string name, string commit, GitReader git, Project home, TimeProvider time, string prefix)
    {
        (this.Name, this.Commit, this.git, this.home, this.prefix) = (name, commit, git, home, prefix);
        this.files = new RevisionFiles(git, commit, prefix);
        this.pipeline = new(() => Pipeline.Load(Project.Open(this.files.Folder, time)));
    }

    public override string Name { get; }

    /// <summary>The commit's full id.</summary>
    public string Commit { get; }

    public override Pipeline Pipeline => this.pipeline.Value;

    protected override Project Home => this.home;

    /// <summary>Looks at a revision.</summary>
    /// <param name="git">Started in the project's root.</param>
    /// <param name="revision">As written by whoever asks.</param>
    /// <param name="home">Its cache holds what the revision's files name.</param>
    /// <param name="time">A clock.</param>
    /// <param name="prefix">The project's folder, from where git was started, when it is not that.</param>
    /// <exception cref="PipelineException">There is no such revision.</exception>
    public static RevisionView Open(GitReader git, string revision, Project home, TimeProvider time, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(git);
        var commit = git.Resolve(revision) ?? throw new PipelineException($"unknown Git revision '{revision}'; `git log --oneline --all` lists what there is");
        return new RevisionView(revision, commit, git, home, time, prefix);
    }

    /// <summary>What Git itself holds at a path; null when nothing.</summary>
    public GitTreeEntry? Entry(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return this.git.Find(this.Commit, this.prefix.Length == 0 ? path : $"{this.prefix}/{path}");
    }

    /// <summary>Every file that Git holds, by path from the root; no submodules.</summary>
    public IReadOnlyList<GitTreeEntry> GitFiles => this.files.All;

    protected override byte[]? Own(string path, int limit) => this.OwnFile(path) is { } blob ? this.git.Blob(blob.Id, limit) : null;

    protected override bool HasOwn(string path) => this.OwnFile(path) is not null;

    protected override IEnumerable<string> OwnFiles(string path) => this.files.Below(path);

    private GitTreeEntry? OwnFile(string path) => path.Length > 0 && this.Entry(path) is { Type: "blob", Mode: not RevisionFiles.Link } blob ? blob : null;

    protected override void Dispose(bool disposing)
    {
        this.files.Dispose();
        base.Dispose(disposing);
    }
}
