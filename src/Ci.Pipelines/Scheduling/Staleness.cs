using Ci.Data;

namespace Ci.Pipelines.Scheduling;

/// <summary>Whether a stage has to be brought up to date, by all that decides its result.</summary>
internal sealed class Staleness(Pipeline pipeline, ReproOptions options)
{
    /// <summary>What changed. Outputs that lie as the lock says need no copy in the cache.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="lenient">Missing data is no change, as long as what it would be is known.</param>
    public StageChanges Of(Stage stage, bool lenient)
    {
        var changes = StatusReader.Of(pipeline, stage);
        if (changes.Outputs.Count > 0)
            changes = changes with { Uncached = [.. changes.Outputs.Where(o => o.State == "not in cache" && this.Lies(stage, o.Path)).Select(o => o.Path)] };
        if (changes.Outputs.Count > 0)
            changes = changes with { Outputs = [.. changes.Outputs.Where(o => lenient && pipeline.LockOf(stage)[stage.Name] is not null ? o.State == "modified" : !changes.Uncached.Contains(o.Path, StringComparer.Ordinal))] };
        if (lenient && changes.Dependencies.Count > 0)
            changes = changes with { Dependencies = [.. changes.Dependencies.Where(d => !this.IsOnlyMissing(stage, d.Path, d.Key, d.State))] };
        return changes;
    }

    /// <summary>Whether a stage's declared variables or image are others than at the locked run, or nobody knows; never of stages that declare none.</summary>
    public bool HasOtherParts(Stage stage)
    {
        if (stage.Frozen || (stage.Needs.Environment.Count == 0 && stage.Needs.Image is null) || pipeline.LockOf(stage)[stage.Name] is not { } locked)
            return false;
        var now = RunKeyParts.Of(stage, options.Environment, "");
        return new KeyLock(pipeline.Project, stage.Folder).Of(stage, locked) is not { } then || then.Image != now.Image || !then.Environment.SequenceEqual(now.Environment);
    }

    private bool Lies(Stage stage, string output) =>
        pipeline.LockOf(stage)[stage.Name]?.OutputOf(output) is { } then
        && pipeline.Project.Workspace.DigestOf(stage.Outputs.First(o => o.Path == output).FullPath, then)?.Md5 == then.Md5;

    // It was there when the stage ran, and whoever makes it would make the same again.
    private bool IsOnlyMissing(Stage stage, string path, string? key, string state)
    {
        if (key is not null || state != "deleted" || pipeline.LockOf(stage)[stage.Name]?.DependencyOf(path) is not { } then)
            return false;
        var full = stage.Dependencies.First(d => d.Path == path).FullPath;
        var made = pipeline.Pointers.FirstOrDefault(p => p.Target == full)?.Digest
            ?? pipeline.Stages.SelectMany(s => s.Outputs.Where(o => o.FullPath == full).Select(o => pipeline.LockOf(s)[s.Name]?.OutputOf(o.Path))).FirstOrDefault();
        return made is null || made.Md5 == then.Md5;
    }
}
