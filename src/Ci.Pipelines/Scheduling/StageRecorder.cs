using Ci.Data;

namespace Ci.Pipelines.Scheduling;

/// <summary>
/// Writes down what stages did: locks, pointers, <c>.gitignore</c>. Stages end in any order, but the files come out as if they had run one
/// after the other. One thread at a time.
/// </summary>
internal sealed class StageRecorder(Pipeline pipeline)
{
    private readonly List<string> changedFiles = [];
    private readonly Dictionary<string, List<(int Place, string Name)>> added = new(StringComparer.Ordinal);

    /// <summary>Files that were changed and that belong into Git, by path from the project's root.</summary>
    public IReadOnlyList<string> ChangedFiles => [.. this.changedFiles.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Records a run in the lock, unless it says so already.</summary>
    /// <param name="stage">Whose run.</param>
    /// <param name="place">The stage's place in the plan.</param>
    /// <param name="run">What it read and made.</param>
    /// <param name="parts">What else it was made under.</param>
    /// <param name="tell">Of what is written.</param>
    public void Record(Stage stage, int place, LockedStage run, RunKeyParts parts, Action<ReproEvent> tell)
    {
        var lockFile = pipeline.LockOf(stage);
        var old = lockFile[stage.Name];
        if (old is null || !StageInputs.Same(old.ToValue(), run.ToValue()))
        {
            var path = Path.Combine(stage.Folder, LockFile.Name);
            var shown = pipeline.Project.Shown(path);
            if (!File.Exists(path))
                tell(new ReproEvent(stage.Address, ReproEventKind.LockBegun, shown));
            tell(new ReproEvent(stage.Address, ReproEventKind.LockWritten, shown));
            lockFile.Put(stage.Name, run, old is null ? this.After(path, place, stage.Name) : null);
            this.changedFiles.Add(shown);
        }

        var keys = new KeyLock(pipeline.Project, stage.Folder);
        // The class of accelerator alone makes no run out of date, and the cache of runs knows it already.
        if (keys.Put(stage, run, parts with { Accelerator = parts.Environment.Count > 0 || parts.Image is not null ? parts.Accelerator : null }))
            this.changedFiles.Add(pipeline.Project.Shown(Path.Combine(stage.Folder, KeyLock.Name)));
    }

    /// <summary>Keeps an output that lies in the cache out of Git.</summary>
    public void Ignore(Output output, int place)
    {
        if (!output.Cache)
            return;
        var home = Path.Combine(Path.GetDirectoryName(output.FullPath)!, ".gitignore");
        if (GitIgnoreFile.Add(pipeline.Project, output.FullPath, this.Later(home, place)) is not { } file)
            return;
        this.Note(home, place, output.FullPath);
        this.changedFiles.Add(pipeline.Project.Shown(file));
    }

    /// <summary>Lets a pointer say what lies there now.</summary>
    public void Write(PointerFile tracked, Digest digest)
    {
        tracked.Write(digest);
        this.changedFiles.Add(pipeline.Project.Shown(tracked.File));
    }

    private List<string> After(string file, int place, string name)
    {
        var later = this.Later(file, place);
        this.Note(file, place, name);
        return later;
    }

    private List<string> Later(string file, int place) => this.added.TryGetValue(file, out var names) ? [.. names.Where(n => n.Place > place).Select(n => n.Name)] : [];

    private void Note(string file, int place, string name)
    {
        if (!this.added.TryGetValue(file, out var names))
            this.added[file] = names = [];
        names.Add((place, name));
    }
}
