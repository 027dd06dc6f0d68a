using Ci.Data;
using Ci.Git;
using Ci.Pipelines;
using Ci.Storage.FileSystem;

namespace Ci.Cli.Verbs;

/// <summary>What <c>add</c> is to track, and whether it can be.</summary>
internal static class AddTargets
{
    private static readonly string[] Descriptions = [".gitignore", ".dvcignore", "dvc.yaml", "dvc.lock"];

    public static IReadOnlyList<AddTarget> Choose(CliContext context, IEnumerable<string> texts, bool glob)
    {
        if (!glob)
            return [.. texts.Select(text => new AddTarget(text, Full(context, text)))];
        var found = new List<AddTarget>();
        foreach (var pattern in texts)
        {
            var matches = GlobFiles.Find(context.WorkingDirectory, pattern);
            if (matches.Count == 0)
                throw new CliException($"nothing matches `{pattern}` in {context.WorkingDirectory}");
            found.AddRange(matches.Where(m => !m.EndsWith(".dvc", StringComparison.Ordinal)).Select(match => new AddTarget(match, Full(context, match))));
        }

        return found;
    }

    /// <summary>Copies a target to the place where it is to be tracked.</summary>
    public static AddTarget CopyIn(CliContext context, Project project, IReadOnlyList<AddTarget> targets, string place, bool force)
    {
        if (targets is not [var source])
            throw new CliException($"--out is for one target; there are {targets.Count}");
        if (source.Text.Contains("://", StringComparison.Ordinal))
            throw new CliException($"`{source.Text}`: --out copies from folders of this machine only; download it first");
        if (!Path.Exists(source.Path))
            throw new CliException($"`{source.Text}` does not exist");
        var path = Full(context, place);
        if (Directory.Exists(path))
            path = Path.Combine(path, Path.GetFileName(source.Path));
        if (!project.Contains(path) || path == project.Root)
            throw new CliException($"`{place}` lies outside of the project {project.Root}");
        if (Path.Exists(path) && !force)
            throw new CliException($"`{project.Shown(path)}` exists; --force overwrites it");
        if (project.Contains(source.Path) && (path == source.Path || path.StartsWith(source.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            throw new CliException($"`{place}` lies in `{source.Text}` itself");
        project.Workspace.Remove(path);
        Copy(source.Path, path);
        return new AddTarget(place, path);
    }

    /// <summary>The pointer of a target, or of a folder that it lies in.</summary>
    public static PointerFile? Tracking(Pipeline pipeline, AddTarget target) =>
        pipeline.Pointers.FirstOrDefault(p => p.Target == target.Path) ?? pipeline.Pointers.FirstOrDefault(p => IsBelow(target.Path, p.Target));

    /// <summary>Refuses what cannot be tracked.</summary>
    public static async Task CheckAsync(CliContext context, Pipeline pipeline, AddTarget target, CancellationToken ct)
    {
        var (text, path) = target;
        var project = pipeline.Project;
        if (!project.Contains(path) || path == project.Root || project.Shown(path).Split('/')[0] is ".dvc" or ".git")
            throw new CliException($"`{text}` cannot be tracked: it must lie inside the project {project.Root} and outside of .dvc and .git");
        var name = Path.GetFileName(path);
        if (name.EndsWith(".dvc", StringComparison.Ordinal) || Descriptions.Contains(name, StringComparer.Ordinal))
            throw new CliException($"`{text}` describes data and belongs into Git; it cannot be data itself");
        if (name.AsSpan().ContainsAny('\n', '\r'))
            throw new CliException($"`{text}` has a line break in its name, which no .gitignore can hold; rename it");
        if (BehindLink(project, path) is { } link)
            throw new CliException($"`{text}` lies behind the symbolic link `{project.Shown(link)}`; track it at the place where it really is, or track the link as a whole");
        if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
            throw new CliException($"`{text}` does not exist");
        RefuseOverlap(pipeline, target);
        WarnOfCase(context, pipeline, path);
        await RefuseTrackedAsync(context, project, target, ct);
    }

    private static void RefuseOverlap(Pipeline pipeline, AddTarget target)
    {
        var project = pipeline.Project;
        if (pipeline.Stages.FirstOrDefault(s => s.Outputs.Any(o => o.FullPath == target.Path)) is { } maker)
            throw new CliException($"`{target.Text}` is an output of stage `{maker.Address}`; `mlops repro` or `mlops commit` record it");
        foreach (var (path, owner) in pipeline.Stages.SelectMany(s => s.Outputs.Select(o => (o.FullPath, $"stage `{s.Address}` makes"))))
        {
            if (IsBelow(path, target.Path) || IsBelow(target.Path, path))
                throw new CliException($"`{target.Text}` cannot be tracked: it overlaps with `{project.Shown(path)}`, which {owner}");
        }

        if (pipeline.Pointers.FirstOrDefault(p => IsBelow(p.Target, target.Path)) is { } inner)
        {
            var file = project.Shown(inner.File);
            throw new CliException($"`{target.Text}` holds `{project.Shown(inner.Target)}`, which {file} tracks; to track all of it together, run `mlops remove {file}` first");
        }
    }

    // Where upper and lower case are one, such as on macOS and Windows, one of the two would overwrite the other.
    private static void WarnOfCase(CliContext context, Pipeline pipeline, string path)
    {
        var others = pipeline.Pointers.Select(p => p.Target).Concat(pipeline.Stages.SelectMany(s => s.Outputs).Select(o => o.FullPath));
        if (others.FirstOrDefault(o => o != path && string.Equals(o, path, StringComparison.OrdinalIgnoreCase)) is { } other)
            context.Note($"mlops: `{pipeline.Project.Shown(path)}` and `{pipeline.Project.Shown(other)}` differ in case only; on macOS and Windows they are one file");
    }

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Full(CliContext context, string text) => Path.TrimEndingDirectorySeparator(context.FullPath(text));

    private static string? BehindLink(Project project, string path)
    {
        for (var at = Path.GetDirectoryName(path)!; at.Length > project.Root.Length; at = Path.GetDirectoryName(at)!)
        {
            if (new DirectoryInfo(at).LinkTarget is not null)
                return at;
        }

        return null;
    }

    private static void Copy(string source, string path)
    {
        if (!Directory.Exists(source))
        {
            DurableFiles.CreateDirectory(Path.GetDirectoryName(path)!, flush: false);
            Disk.Current.Copy(source, path, Disk.Plain);
            return;
        }

        DurableFiles.CreateDirectory(path, flush: false);
        foreach (var entry in Directory.EnumerateFileSystemEntries(source))
            Copy(entry, Path.Combine(path, Path.GetFileName(entry)));
    }

    private static async Task RefuseTrackedAsync(CliContext context, Project project, AddTarget target, CancellationToken ct)
    {
        GitRepository git;
        try
        {
            git = await GitRepository.OpenAsync(project.Root, new GitOptions { Environment = context.Environment }, ct);
        }
        catch (NotARepositoryException)
        {
            return;
        }

        if (await git.ResolveAsync("HEAD", ct) is null)
            return;
        var inGit = Path.GetRelativePath(git.Path, target.Path).Replace(Path.DirectorySeparatorChar, '/');
        if ((await git.ListTreeAsync("HEAD", inGit, ct: ct)).Count > 0)
            throw new CliException($"`{target.Text}` is already tracked by Git; to track it here instead:\n  git rm -r --cached '{inGit}'\n  git commit -m \"Stop tracking {inGit}\"");
    }
}
