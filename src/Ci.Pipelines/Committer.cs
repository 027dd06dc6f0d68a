using Ci.Data;
using Ci.Pipelines.Scheduling;

namespace Ci.Pipelines;

/// <summary>
/// Records data and outputs as they are now, without running anything. What changed since it was recorded is recorded only when forced:
/// a stage's command may not have seen it.
/// </summary>
/// <param name="pipeline">What is recorded.</param>
/// <param name="environment">Where the variables that stages declare are taken from.</param>
public sealed class Committer(Pipeline pipeline, IReadOnlyDictionary<string, string> environment)
{
    private readonly StageRecorder recorder = new(pipeline);
    private readonly List<string> ignores = [];
    private readonly RunCache runs = new(pipeline.Project);

    private Project Project => pipeline.Project;

    /// <summary>Files may become links to the cache, where <c>cache.type</c> asks for links. Default true.</summary>
    public bool Relinks { get; init; } = true;

    /// <summary>Files that were changed and that belong into Git, by path from the project's root.</summary>
    public IReadOnlyList<string> ChangedFiles => [.. this.recorder.ChangedFiles.Concat(this.ignores).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Records targets, or everything.</summary>
    /// <param name="targets">Stages, outputs, pointers.</param>
    /// <param name="force">Also what changed.</param>
    /// <param name="withNeeds">Also what the targets need.</param>
    /// <param name="recursive">Folders mean all that is described below them.</param>
    /// <exception cref="PipelineException">Something changed and is not forced; what came before it is recorded.</exception>
    public void Commit(IReadOnlyList<Target> targets, bool force, bool withNeeds, bool recursive)
    {
        try
        {
            foreach (var (stage, pointer, _) in TargetSelection.Of(pipeline, targets, recursive, withNeeds))
            {
                if (stage is not null)
                    this.Commit(stage, force);
                else
                    this.Commit(pointer!, force);
            }
        }
        finally
        {
            this.Project.SaveState();
        }
    }

    private static string Changes(StageChanges changes)
    {
        var dependencies = changes.Dependencies.Select(d => d.Path).Distinct().Select(p => $"`{p}`").ToList();
        var outputs = changes.Outputs.Select(o => $"`{o.Path}`").ToList();
        return string.Join(" and ", new[]
        {
            dependencies.Count == 0 ? "" : $"dependencies {string.Join(", ", dependencies)}", outputs.Count == 0 ? "" : $"outputs {string.Join(", ", outputs)}",
            changes.Command ? "its command" : "", changes.Checksum ? "the file's own checksum" : "",
        }.Where(p => p.Length > 0));
    }

    private static void RefuseUnless(bool force, StageChanges changes)
    {
        if (!force && Changes(changes) is { Length: > 0 } what)
            throw new PipelineException($"`{changes.Name}`: {what} changed since it was recorded; `mlops repro` runs what has to run, `mlops commit --force` records it as it is");
    }

    private void Commit(Stage stage, bool force)
    {
        var changes = StatusReader.InWorkspace(pipeline, stage);
        RefuseUnless(force, changes);
        var locked = pipeline.LockOf(stage)[stage.Name];
        var outputs = stage.Outputs.Select(o => new LockedFile(o.Path, this.Save(stage, o, locked?.OutputOf(o.Path)))).ToList();
        var run = new LockedStage(StageInputs.Command(stage), [.. this.Dependencies(stage, locked)], StageInputs.Parameters(pipeline.ParameterFiles, stage), outputs);
        var parts = RunKeyParts.Of(stage, environment, "");
        if (force && stage.CanReuseRuns && !stage.Needs.KeyedByAccelerator)
        {
            // A run that can be reused has all its outputs in the cache, also those that otherwise are not.
            foreach (var output in stage.Outputs.Where(o => !o.Cache))
                this.Project.Workspace.Save(output.FullPath, this.Relinks);
            this.runs.Put(stage, run, parts);
        }

        this.recorder.Record(stage, 0, run, parts, _ => { });
    }

    private IEnumerable<LockedFile> Dependencies(Stage stage, LockedStage? locked) => stage.Dependencies.Select(d =>
        new LockedFile(d.Path, this.Project.Workspace.DigestOf(d.FullPath, locked?.DependencyOf(d.Path))
            ?? throw new PipelineException($"stage `{stage.Address}`: dependency `{d.Path}` does not exist")));

    private Digest Save(Stage stage, Output output, Digest? then)
    {
        if (!Path.Exists(output.FullPath))
            throw new PipelineException($"stage `{stage.Address}`: output `{output.Path}` does not exist; `mlops repro` makes it, `mlops checkout` puts back what was recorded");
        this.recorder.Ignore(output, 0);
        return output.Cache ? this.Project.Workspace.Save(output.FullPath, then, this.Relinks) : this.Project.Workspace.DigestOf(output.FullPath, then)!;
    }

    private void Commit(PointerFile pointer, bool force)
    {
        var changes = StatusReader.InWorkspace(pipeline, pointer);
        RefuseUnless(force, changes);
        if (!Path.Exists(pointer.Target))
            throw new PipelineException($"`{this.Project.Shown(pointer.Target)}` (tracked by {changes.Name}) does not exist; `mlops checkout` puts it back");
        var digest = pointer.Cache ? this.Project.Workspace.Save(pointer.Target, pointer.Digest, this.Relinks) : this.Project.Workspace.DigestOf(pointer.Target, pointer.Digest)!;
        if (pointer.Cache && GitIgnoreFile.Add(this.Project, pointer.Target) is { } ignore)
            this.ignores.Add(this.Project.Shown(ignore));
        if (digest == pointer.Digest && !pointer.IsStale)
            return;
        this.recorder.Write(pointer, digest);
    }
}
