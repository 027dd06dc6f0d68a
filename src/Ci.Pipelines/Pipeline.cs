using Ci.Data;
using Ci.Pipelines.Parameters;

namespace Ci.Pipelines;

/// <summary>Everything that a project describes: the stages of every <c>dvc.yaml</c> and the pointers, ordered by what needs what.</summary>
public sealed class Pipeline
{
    private const int MostDepth = 100;

    private readonly Dictionary<string, LockFile> locks = new(StringComparer.Ordinal);

    private Pipeline(Project project, IReadOnlyList<PointerFile> pointers, IReadOnlyList<Stage> stages, IReadOnlyList<TopLevel> extras, IReadOnlyList<string> warnings)
    {
        this.Project = project;
        this.ParameterFiles = new ParameterCache(project.State);
        this.Pointers = pointers;
        this.AsWritten = stages;
        this.Stages = StageGraph.Order(project, stages, pointers);
        this.TopLevel = new TopLevel
        {
            Metrics = [.. extras.SelectMany(t => t.Metrics)],
            Parameters = [.. extras.SelectMany(t => t.Parameters)],
            Plots = [.. extras.SelectMany(t => t.Plots)],
            Artifacts = [.. extras.SelectMany(t => t.Artifacts)],
        };
        this.Warnings = [.. warnings, .. CaseCollisions(project, stages, pointers)];
    }

    public Project Project { get; }

    internal ParameterCache ParameterFiles { get; }

    public IReadOnlyList<PointerFile> Pointers { get; }

    /// <summary>What is needed stands before what needs it; otherwise as written.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>The stages as they stand in their files.</summary>
    public IReadOnlyList<Stage> AsWritten { get; }

    /// <summary>What is named outside of stages.</summary>
    public TopLevel TopLevel { get; }

    /// <summary>What passes, but probably not as meant; a line each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Every figure: of the top level, and of the stages' outputs that no figure of the top level shows.</summary>
    public IReadOnlyList<Plot> Plots =>
    [
        .. this.TopLevel.Plots,
        .. this.Stages.SelectMany(s => s.Outputs).Where(o => o.Kind == OutputKind.Plot && !this.TopLevel.Plots.Any(p => p.Series.Any(l => l.FullPath == o.FullPath)))
            .Select(o => new Plot(this.Project.Shown(o.FullPath), [new PlotSeries(o.FullPath, o.Plot.GetValueOrDefault("x"), o.Plot.GetValueOrDefault("y"))]) { Looks = o.Plot }),
    ];

    /// <summary>Reads the project.</summary>
    /// <exception cref="PipelineException">A cycle, two makers of one output, an unknown key …</exception>
    public static Pipeline Load(Project project)
    {
        ArgumentNullException.ThrowIfNull(project);
        var pointers = new List<PointerFile>();
        var stages = new List<Stage>();
        var extras = new List<TopLevel>();
        var warnings = new List<string>();
        var data = new HashSet<string>(StringComparer.Ordinal);
        Read(project.Root, 0);
        return new Pipeline(project, pointers, stages, extras, warnings);

        void Read(string folder, int depth)
        {
            foreach (var file in Files(folder))
            {
                if (Path.GetFileName(file) == PipelineFile.Name)
                {
                    var (found, top, warned) = PipelineFile.Read(project, file);
                    stages.AddRange(found);
                    extras.Add(top);
                    warnings.AddRange(warned);
                    data.UnionWith(found.SelectMany(s => s.Outputs).Select(o => o.FullPath));
                }
                else
                    pointers.AddRange(PointerFile.ReadAll(file, project.Shown(file)));
            }

            data.UnionWith(pointers.Where(p => Path.GetDirectoryName(p.File) == folder).Select(p => p.Target));
            // What stages and pointers make holds data, and may hold very much of it.
            foreach (var inner in depth < MostDepth ? Folders(project, folder, data) : [])
                Read(inner, depth + 1);
        }
    }

    public LockFile LockOf(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        if (!this.locks.TryGetValue(stage.Folder, out var found))
            this.locks[stage.Folder] = found = LockFile.Read(this.Project, stage.Folder);
        return found;
    }

    /// <summary>Forgets what was read of a stage's lock: another process may have written it meanwhile.</summary>
    public void ReadLockAgain(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        this.locks.Remove(stage.Folder);
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
        var named = targets.SelectMany(target => this.Find(target, folder)).ToHashSet();
        return alone ? [.. this.Stages.Where(named.Contains)] : StageGraph.WithNeeds(this.Stages, named);
    }

    /// <summary>What cache and remotes keep: of the targets, or everything.</summary>
    public IReadOnlyList<TrackedOutput> Tracked(IReadOnlyList<string> targets, string folder)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var all = this.Pointers.Where(p => p is { Digest: not null, Cache: true }).Select(p => (Names: new[] { p.File, p.Target }, Output: new TrackedOutput(p.Target, p.Digest!, p.Remote, p.Push && !p.IsFromRepository)))
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

    // Two such paths are one file on macOS and Windows, and whoever checks out there loses one of them.
    private static IEnumerable<string> CaseCollisions(Project project, IReadOnlyList<Stage> stages, IReadOnlyList<PointerFile> pointers) =>
        stages.SelectMany(s => s.Outputs).Select(o => o.FullPath).Concat(pointers.Select(p => p.Target)).Distinct(StringComparer.Ordinal)
            .GroupBy(path => path, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)
            .Select(g => $"{string.Join(" and ", g.Select(path => $"`{project.Shown(path)}`"))} differ only by case: on file systems that ignore case they are one; rename one of them");

    private TrackedOutput? LockedOutput(Stage stage, Output output)
    {
        var locked = this.LockOf(stage)[stage.Name]?.OutputOf(output.Path);
        return locked is null ? null : new TrackedOutput(output.FullPath, locked, output.Remote, output.Push);
    }

    private IReadOnlyList<Stage> Find(string target, string folder)
    {
        var path = Path.GetFullPath(target, folder);
        if (Path.GetFileName(path) == PipelineFile.Name && File.Exists(path))
            return [.. this.Stages.Where(s => s.Folder == Path.GetDirectoryName(path))];
        var colon = target.LastIndexOf($"{PipelineFile.Name}:", StringComparison.Ordinal);
        var (name, home) = colon < 0 ? (target, folder) : (target[(colon + PipelineFile.Name.Length + 1)..], Path.TrimEndingDirectorySeparator(Path.GetFullPath(target[..colon] + ".", folder)));
        var found = this.Stages.Where(s => s.Address == target || (s.Name == name && s.Folder == home)).Take(1).ToList();
        // A name without its `@key` stands for all that foreach or matrix made of it.
        if (found.Count == 0)
            found = [.. this.Stages.Where(s => s.Folder == home && s.Name.StartsWith(name + "@", StringComparison.Ordinal))];
        if (found.Count == 0)
            found = [.. this.Stages.Where(s => s.Outputs.Any(o => o.FullPath == path))];
        if (found.Count == 0 && !this.Pointers.Any(p => p.File == path || p.Target == path))
        {
            throw new PipelineException($"no stage `{target}`{NearNames.Hint(target, this.Stages.Select(s => s.Address))}; "
                + (this.Stages.Count == 0 ? $"there is no {PipelineFile.Name} with stages in {this.Project.Root}" : $"stages: {string.Join(", ", this.Stages.Take(20).Select(s => s.Address))}"));
        }

        return found;
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f.AsSpan()) is var name && (name.SequenceEqual(PipelineFile.Name) || (name.EndsWith(".dvc", StringComparison.Ordinal) && name.Length > 4)))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Folders(Project project, string folder, HashSet<string> data) =>
        new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.Name is not ("node_modules" or ".venv") && d.LinkTarget is null && !data.Contains(d.FullName) && !project.Ignore.Ignores(d.FullName, isFolder: true))
            .Select(d => d.FullName).Order(StringComparer.Ordinal).ToList();
}
