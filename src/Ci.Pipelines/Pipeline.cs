using Ci.Data;

namespace Ci.Pipelines;

/// <summary>Everything that a project describes: the stages of every <c>dvc.yaml</c> and the pointers, ordered by what needs what.</summary>
public sealed class Pipeline
{
    private readonly Dictionary<string, LockFile> locks = new(StringComparer.Ordinal);

    private Pipeline(Project project, IReadOnlyList<PointerFile> pointers, IReadOnlyList<Stage> stages, IReadOnlyList<Output> extras)
    {
        this.Project = project;
        this.Pointers = pointers;
        this.Stages = StageGraph.Order(project, stages, pointers);
        this.TopLevel = extras;
    }

    public Project Project { get; }

    public IReadOnlyList<PointerFile> Pointers { get; }

    /// <summary>What is needed stands before what needs it; otherwise as written.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>Metrics named outside of stages.</summary>
    public IReadOnlyList<Output> TopLevel { get; }

    /// <summary>Reads the project.</summary>
    /// <exception cref="PipelineException">A cycle, two makers of one output, an unknown key …</exception>
    public static Pipeline Load(Project project)
    {
        ArgumentNullException.ThrowIfNull(project);
        var pointers = new List<PointerFile>();
        var stages = new List<Stage>();
        var extras = new List<Output>();
        foreach (var file in Find(project.Root, 0))
        {
            if (Path.GetFileName(file) == PipelineFile.Name)
            {
                var (found, top) = PipelineFile.Read(project, file);
                stages.AddRange(found);
                extras.AddRange(top);
            }
            else
                pointers.Add(PointerFile.Read(file, project.Shown(file)));
        }

        return new Pipeline(project, pointers, stages, extras);
    }

    public LockFile LockOf(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        if (!this.locks.TryGetValue(stage.Folder, out var found))
            this.locks[stage.Folder] = found = LockFile.Read(stage.Folder, this.Project.Shown(Path.Combine(stage.Folder, LockFile.Name)));
        return found;
    }

    /// <summary>The stages that targets name, with all that they need unless told otherwise; no target means all.</summary>
    /// <param name="targets">Stage names, pointers or output paths (relative to <paramref name="folder"/>).</param>
    /// <param name="folder">The folder in which targets were written.</param>
    /// <param name="alone">Only the named stages themselves.</param>
    public IReadOnlyList<Stage> Select(IReadOnlyList<string> targets, string folder, bool alone)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count == 0)
            return this.Stages;
        var named = targets.Select(target => this.Find(target, folder)).ToHashSet();
        return alone ? [.. this.Stages.Where(named.Contains)] : StageGraph.WithNeeds(this.Stages, named);
    }

    /// <summary>What cache and remotes keep: of the targets, or everything.</summary>
    public IReadOnlyList<TrackedOutput> Tracked(IReadOnlyList<string> targets, string folder)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var all = this.Pointers.Where(p => p.Digest is not null).Select(p => (Names: new[] { p.File, p.Target }, Output: new TrackedOutput(p.Target, p.Digest!, p.Remote, p.Push)))
            .Concat(this.Stages.SelectMany(stage => stage.Outputs.Where(o => o.Cache)
                .Select(o => (Names: new[] { stage.Address, o.FullPath }, Output: this.LockedOutput(stage, o))).Where(o => o.Output is not null).Select(o => (o.Names, Output: o.Output!))))
            .ToList();
        if (targets.Count == 0)
            return [.. all.Select(o => o.Output)];
        var chosen = new List<TrackedOutput>();
        foreach (var target in targets)
        {
            var path = Path.GetFullPath(target, folder);
            var matches = all.Where(o => o.Names.Contains(target, StringComparer.Ordinal) || o.Names.Contains(path, StringComparer.Ordinal)).Select(o => o.Output).ToList();
            if (matches.Count == 0)
                throw new PipelineException($"`{target}` is neither a stage nor a tracked file{NearNames.Hint(target, all.SelectMany(o => o.Names).Select(this.Project.Shown))}");
            chosen.AddRange(matches);
        }

        return chosen;
    }

    private TrackedOutput? LockedOutput(Stage stage, Output output)
    {
        var locked = this.LockOf(stage)[stage.Name]?.Outputs.FirstOrDefault(o => o.Path == output.Path).Digest;
        return locked is null ? null : new TrackedOutput(output.FullPath, locked, output.Remote, output.Push);
    }

    private Stage Find(string target, string folder)
    {
        var path = Path.GetFullPath(target, folder);
        return this.Stages.FirstOrDefault(s => s.Address == target || (s.Name == target && s.Folder == folder))
            ?? this.Stages.FirstOrDefault(s => s.Outputs.Any(o => o.FullPath == path))
            ?? throw new PipelineException($"no stage `{target}`{NearNames.Hint(target, this.Stages.Select(s => s.Address))}; "
                + (this.Stages.Count == 0 ? $"there is no {PipelineFile.Name} with stages in {this.Project.Root}" : $"stages: {string.Join(", ", this.Stages.Take(20).Select(s => s.Address))}"));
    }

    // Folders that a pointer stands for hold data, and may hold very much of it.
    private static IEnumerable<string> Find(string folder, int depth)
    {
        if (depth > 100)
            yield break;
        var files = Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f) is var name && (name == PipelineFile.Name || (name.EndsWith(".dvc", StringComparison.Ordinal) && name.Length > 4)))
            .Order(StringComparer.Ordinal).ToList();
        foreach (var file in files)
            yield return file;
        foreach (var inner in new DirectoryInfo(folder).EnumerateDirectories().OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            if (inner.Name is ".git" or ".dvc" or ".hg" or "node_modules" or ".venv" || inner.LinkTarget is not null || files.Contains(inner.FullName + ".dvc", StringComparer.Ordinal))
                continue;
            foreach (var file in Find(inner.FullName, depth + 1))
                yield return file;
        }
    }
}
