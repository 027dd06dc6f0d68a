using System.Text;

namespace Ci.Pipelines.Experiments;

/// <summary>Runs experiments: in the work tree itself, or in folders of their own beside each other.</summary>
/// <param name="home">The project.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Told what happens, with the experiment's name; may be called from several tasks at once.</param>
public sealed class TrialRunner(ExperimentWorkspace home, TimeProvider time, Action<string, ReproEvent> tell)
{
    /// <summary>Where the output of a trial's commands is kept.</summary>
    public string LogOf(string name) => Path.Combine(home.Folder, "logs", $"{name}.log");

    /// <summary>Runs in the work tree, with parameters set there.</summary>
    public async Task<TrialResult> InWorkspaceAsync(TrialRequest request, Action<string> note, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var held = await home.Project.Locks.TakeAsync("experiment in the workspace", holder => note($"waiting for process {holder}, which runs an experiment in this workspace"), ct);
        home.SetParameters(request.Set, note);
        return await new TrialRecorder(home, time, happened => tell(request.Name, happened)).RunAsync(request, ct);
    }

    /// <summary>Runs in a folder of its own, which is gone afterwards.</summary>
    /// <param name="request">What to record.</param>
    /// <param name="commit">The state that it begins with, parameters set.</param>
    /// <param name="copy">Files that Git does not know and the trial needs.</param>
    /// <param name="ct">Ends the trial's commands; nothing is recorded then.</param>
    public async Task<TrialResult> InFolderAsync(TrialRequest request, string commit, IReadOnlyList<string> copy, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await using var folder = await TrialFolder.OpenAsync(home, commit, copy, time, ct);
        var log = this.LogOf(request.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        await using var writer = new StreamWriter(log, append: request.Rungs.Count > 0, new UTF8Encoding(false)) { AutoFlush = true };
        var place = Path.GetFullPath(Path.GetRelativePath(home.Project.Root, request.Repro.Folder), folder.Workspace.Project.Root);
        var inside = request with { Repro = request.Repro with { Folder = place } };
        var result = await new TrialRecorder(folder.Workspace, time, happened =>
        {
            if (LineOf(happened) is { } line)
            {
                lock (writer)
                    writer.WriteLine(line);
            }

            tell(request.Name, happened);
        }).RunAsync(inside, ct);
        if (result.Error is { } error)
            await writer.WriteLineAsync(error.Message);
        return result;
    }

    /// <summary>Removes what killed processes left.</summary>
    public async Task SweepAsync(CancellationToken ct = default) => await TrialFolder.SweepAsync(home, ct);

    private static string? LineOf(ReproEvent happened) => happened.Kind switch
    {
        ReproEventKind.Line => happened.Text,
        ReproEventKind.Running => $"[{happened.Stage}] > {happened.Text}",
        ReproEventKind.Waiting => $"[{happened.Stage}] waits for {happened.Text}",
        _ => $"[{happened.Stage}] {happened.Kind.ToString().ToLowerInvariant()}",
    };
}
