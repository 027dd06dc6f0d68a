using System.Text;
using Ci.Data;

namespace Ci.Pipelines.Experiments;

/// <summary>Puts an experiment's files and data into the work tree. What would be lost is a reason to refuse, or, forced, is kept first.</summary>
public sealed class ExperimentApplication(ExperimentWorkspace home)
{
    /// <summary>Where a forced application keeps what it overwrites.</summary>
    public const string Kept = "refs/mlops/exps/before-apply";

    /// <summary>Applies it.</summary>
    /// <param name="experiment">What to apply.</param>
    /// <param name="force">Overwrite changes that are committed nowhere, after keeping them at <see cref="Kept"/> and in the cache.</param>
    /// <param name="ct">Ends git.</param>
    /// <returns>Files that were written or removed, data that could not be put there (a line each), and whether something was kept first.</returns>
    /// <exception cref="PipelineException">Something uncommitted would be overwritten; nothing was changed.</exception>
    public async Task<(IReadOnlyList<string> Changed, IReadOnlyList<string> Missing, bool KeptFirst)> RunAsync(Experiment experiment, bool force, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var head = await home.HeadAsync(ct);
        var wanted = await home.Git.ChangesAsync(experiment.Ref.Base, experiment.Commit, ct);
        var pipeline = this.TryLoad();
        var now = await home.SnapshotAsync(pipeline, [.. wanted.Select(w => w.Path).Where(p => File.Exists(this.InTree(p))).Select(p => Path.GetRelativePath(home.Project.Root, this.InTree(p)))], ct);
        var open = (await home.Git.ChangesAsync(now, experiment.Commit, ct)).Select(c => c.Path).ToHashSet(StringComparer.Ordinal);
        var toDo = wanted.Select(w => w.Path).Where(open.Contains).ToList();
        var dirty = (await home.Git.ChangesAsync(head, now, ct)).Select(c => c.Path).ToHashSet(StringComparer.Ordinal);
        var moved = head == experiment.Ref.Base ? [] : (await home.Git.ChangesAsync(experiment.Ref.Base, head, ct)).Select(c => c.Path).ToHashSet(StringComparer.Ordinal);
        var conflicts = toDo.Where(p => dirty.Contains(p) || moved.Contains(p)).ToList();
        var data = await this.DataAtAsync(experiment.Commit, pipeline, ct);
        var unsaved = data.Where(d => this.IsUnsaved(d.Path, d.Digest)).Select(d => d.Path).ToList();
        if (!force && conflicts.Count + unsaved.Count > 0)
            throw new PipelineException(Refusal(experiment, conflicts.Where(dirty.Contains), conflicts.Where(c => !dirty.Contains(c)), unsaved.Select(home.Project.Shown)));
        if (conflicts.Count + unsaved.Count > 0)
            await this.KeepAsync(now, head, unsaved, ct);
        await home.Git.RestoreAsync(experiment.Commit, toDo, ct);
        return (toDo, this.Checkout(force), conflicts.Count + unsaved.Count > 0);
    }

    // What is applied may be the cure of a description that cannot be read.
    private Pipeline? TryLoad()
    {
        try
        {
            return Pipeline.Load(home.Project);
        }
        catch (Exception error) when (error is DataException or PipelineException)
        {
            return null;
        }
    }

    private string InTree(string path) => Path.Combine(home.Git.Path, path);

    private static string Refusal(Experiment experiment, IEnumerable<string> uncommitted, IEnumerable<string> moved, IEnumerable<string> unsaved)
    {
        var text = new StringBuilder($"`{experiment.Ref.Name}` was not applied, for it would overwrite other work");
        Append("; changed and not committed", uncommitted);
        Append("; changed by commits since it began", moved);
        Append("; data that the cache does not have", unsaved);
        return text.Append("; commit or stash it, or use --force, which keeps it at ").Append(Kept).ToString();

        void Append(string what, IEnumerable<string> paths)
        {
            var all = paths.ToList();
            if (all.Count > 0)
                text.Append(what).Append(": ").AppendJoin(", ", all.Take(20)).Append(all.Count > 20 ? ", …" : "");
        }
    }

    private bool IsUnsaved(string path, Digest wanted) =>
        home.Project.Workspace.DigestOf(path) is { } now && now.Md5 != wanted.Md5 && !home.Project.Cache.HasAll(now.Md5) && !this.IsFolderInCache(path, now);

    private bool IsFolderInCache(string path, Digest now) =>
        now.IsFolder && Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).All(f => home.Project.Workspace.DigestOf(f) is { } d && home.Project.Cache.Has(d.Md5));

    private async Task KeepAsync(string now, string head, List<string> unsaved, CancellationToken ct)
    {
        foreach (var path in unsaved)
            home.Project.Workspace.Save(path);
        var kept = await home.Git.CommitTreeAsync(now, [head], "mlops: the work tree before an experiment was applied\n", ct);
        await home.Git.UpdateRefAsync(Kept, kept, await home.Git.ResolveAsync(Kept, ct), ct);
    }

    private async Task<IReadOnlyList<LockedFile>> DataAtAsync(string commit, Pipeline? pipeline, CancellationToken ct)
    {
        var found = new List<LockedFile>();
        foreach (var folder in (pipeline?.Stages ?? []).GroupBy(s => s.Folder, StringComparer.Ordinal))
        {
            var file = home.InGit(Path.Combine(folder.Key, LockFile.Name));
            if (await home.Git.ReadFileAsync(commit, file, ct) is not { } bytes)
                continue;
            var locked = LockFile.Parse(Encoding.UTF8.GetString(bytes), file);
            foreach (var stage in folder)
                found.AddRange(stage.Outputs.Where(o => o.Cache).Select(o => (o.FullPath, Digest: locked[stage.Name]?.OutputOf(o.Path))).Where(o => o.Digest is not null).Select(o => new LockedFile(o.FullPath, o.Digest!)));
        }

        return found;
    }

    // Stages' data was looked at before anything changed; what else turns up here (a pointer's) is left alone unless forced.
    private List<string> Checkout(bool force)
    {
        var missing = new List<string>();
        var project = home.Project;
        foreach (var output in Pipeline.Load(project).Tracked([], project.Root))
        {
            try
            {
                if (force && this.IsUnsaved(output.Path, output.Digest))
                    project.Workspace.Save(output.Path);
                project.Workspace.Restore(output.Path, output.Digest, force);
            }
            catch (DataException error)
            {
                missing.Add(error is MissingDataException ? $"`{project.Shown(output.Path)}` is not in the cache; get it with `mlops pull`" : error.Message);
            }
        }

        project.SaveState();
        return missing;
    }
}
