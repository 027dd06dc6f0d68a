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
            changes = changes with { Outputs = [.. changes.Outputs.Where(o => lenient && pipeline.LockOf(stage)[stage.Name] is not null ? o.State == "modified" : o.State != "not in cache" || !this.Lies(stage, o.Path))] };
        if (lenient && changes.Dependencies.Count > 0)
            changes = changes with { Dependencies = [.. changes.Dependencies.Where(d => !this.IsOnlyMissing(stage, d.Path, d.Key, d.State))] };
        return changes;
    }

    /// <summary>What changed of a stage's environment and image since the locked run; empty for stages that declare none.</summary>
    public IReadOnlyList<string> Parts(Stage stage)
    {
        if (stage.Frozen || (stage.Needs.Environment.Count == 0 && stage.Needs.Image is null) || pipeline.LockOf(stage)[stage.Name] is not { } locked)
            return [];
        var now = RunKeyParts.Of(stage, options.Environment, "");
        return new KeyLock(pipeline.Project, stage.Folder).Of(stage, locked) is { } then ? [.. Differences(then, now, withAccelerator: false)] : ["what it ran under is not recorded"];
    }

    /// <summary>The names of the parts that differ, a sentence each.</summary>
    public static IEnumerable<string> Differences(RunKeyParts then, RunKeyParts now, bool withAccelerator)
    {
        foreach (var name in then.Environment.Concat(now.Environment).Select(v => v.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (had, has) = (Find(then, name), Find(now, name));
            if (had != has)
                yield return (had, has) switch { (null, _) => $"environment variable {name} was not declared", (_, null) => $"environment variable {name} is no longer declared", ("", _) => $"environment variable {name} was not set", (_, "") => $"environment variable {name} is not set any more", _ => $"environment variable {name} has another value" };
        }

        if (then.Image != now.Image)
            yield return $"container image {then.Image ?? "not declared"} → {now.Image ?? "not declared"}";
        if (withAccelerator && then.Accelerator != now.Accelerator)
            yield return $"accelerator {then.Accelerator ?? "not declared"} → {now.Accelerator ?? "not declared"}";
    }

    // Null: not declared; empty: not set.
    private static string? Find(RunKeyParts parts, string name)
    {
        foreach (var (known, digest) in parts.Environment)
        {
            if (known == name)
                return digest ?? "";
        }

        return null;
    }

    private bool Lies(Stage stage, string output) =>
        pipeline.LockOf(stage)[stage.Name]?.Outputs.FirstOrDefault(o => o.Path == output).Digest is { } then
        && pipeline.Project.Workspace.DigestOf(stage.Outputs.First(o => o.Path == output).FullPath)?.Md5 == then.Md5;

    // It was there when the stage ran, and whoever makes it would make the same again.
    private bool IsOnlyMissing(Stage stage, string path, string? key, string state)
    {
        if (key is not null || state != "deleted" || pipeline.LockOf(stage)[stage.Name]?.Dependencies.FirstOrDefault(d => d.Path == path).Digest is not { } then)
            return false;
        var full = stage.Dependencies.First(d => d.Path == path).FullPath;
        var made = pipeline.Pointers.FirstOrDefault(p => p.Target == full)?.Digest
            ?? pipeline.Stages.SelectMany(s => s.Outputs.Where(o => o.FullPath == full).Select(o => pipeline.LockOf(s)[s.Name]?.Outputs.FirstOrDefault(l => l.Path == o.Path).Digest)).FirstOrDefault();
        return made is null || made.Md5 == then.Md5;
    }
}
