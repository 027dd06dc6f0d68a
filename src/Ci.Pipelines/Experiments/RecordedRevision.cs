namespace Ci.Pipelines.Experiments;

/// <summary>
/// A commit whose stages were put back from recorded runs, in a folder of its own that goes with this object. For outputs that a commit's lock does
/// not name, because whoever ran the pipeline kept the runs and not the lock. No command runs.
/// </summary>
public sealed class RecordedRevision : IAsyncDisposable
{
    private readonly TrialFolder folder;

    private RecordedRevision(TrialFolder folder) => this.folder = folder;

    /// <summary>The project's root as it was at the commit, with the stage's outputs.</summary>
    public string Root => this.folder.Workspace.Project.Root;

    /// <summary>Puts an output back, and what it was made from.</summary>
    /// <param name="home">The project, whose cache holds the runs.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="output">The output's path, from the project's root.</param>
    /// <param name="environment">All variables; some stages' runs depend on some of them.</param>
    /// <param name="fetching">Gets runs and data that the cache lacks; null from it: nothing is fetched.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends it, and leaves nothing.</param>
    /// <exception cref="PipelineException">No stage of the commit makes the output, or one that it needs has no recorded run with its inputs.</exception>
    public static async Task<RecordedRevision> RestoreAsync(
        ExperimentWorkspace home, string commit, string output, IReadOnlyDictionary<string, string> environment, Func<Pipeline, IMissingData?> fetching, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(fetching);
        await TrialFolder.SweepAsync(home, ct);
        var trial = await TrialFolder.OpenAsync(home, commit, [], time, ct);
        try
        {
            var project = trial.Workspace.Project;
            var pipeline = Pipeline.Load(project);
            var options = new ReproOptions { Folder = project.Root, Targets = [output], ReuseOnly = true, AllowMissing = true, Environment = environment, Fetching = fetching(pipeline) };
            await new Reproducer(pipeline, options, time, _ => { }).RunAsync(ct);
            return new RecordedRevision(trial);
        }
        catch
        {
            await trial.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => this.folder.DisposeAsync();
}
