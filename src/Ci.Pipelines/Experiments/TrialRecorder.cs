using Ci.Data;

namespace Ci.Pipelines.Experiments;

/// <summary>Runs a project's pipeline and records what came of it as an experiment; a failure is recorded, too.</summary>
internal sealed class TrialRecorder(ExperimentWorkspace workspace, TimeProvider time, Action<ReproEvent> tell)
{
    private const int MostReason = 4000;

    /// <summary>Runs it.</summary>
    /// <exception cref="OperationCanceledException">Nothing was recorded.</exception>
    public async Task<TrialResult> RunAsync(TrialRequest request, CancellationToken ct)
    {
        var (started, begun) = (time.GetUtcNow(), time.GetTimestamp());
        var pipeline = Pipeline.Load(workspace.Project);
        var code = await workspace.SnapshotAsync(pipeline, [], ct);
        var reproducer = new Reproducer(pipeline, request.Repro with { Environment = Variables(request) }, time, tell);
        Exception? error = null;
        try
        {
            await reproducer.RunAsync(ct);
        }
        catch (Exception failure) when (failure is PipelineException or DataException)
        {
            error = failure;
        }

        // Written by stages meanwhile: a lock, perhaps even a dvc.yaml.
        pipeline = Pipeline.Load(workspace.Project);
        var tree = await workspace.SnapshotAsync(pipeline, reproducer.ChangedFiles, ct);
        var record = this.Record(request, pipeline, started) with
        {
            Seconds = time.GetElapsedTime(begun).TotalSeconds,
            Code = code,
            Status = error is null ? ExperimentStatus.Done : ExperimentStatus.Failed,
            Reason = error is null ? null : Short(error.Message),
        };
        var experiment = await workspace.Store.SaveAsync(tree, record, request.Message, request.Replace, ct);
        var kept = (await workspace.Git.ListTreeAsync(tree, ct: ct)).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        return new TrialResult(experiment, error, [.. (await workspace.Git.UntrackedAsync(ct)).Where(f => !kept.Contains(f))]);
    }

    // The same names as DVC's, so that a stage that logs under them goes on to.
    private static Dictionary<string, string> Variables(TrialRequest request) => new(request.Repro.Environment, StringComparer.Ordinal)
    {
        ["DVC_EXP_NAME"] = request.Name,
        ["DVC_EXP_BASELINE_REV"] = request.Base,
    };

    private ExperimentRecord Record(TrialRequest request, Pipeline pipeline, DateTimeOffset started)
    {
        var values = new ValueReader(pipeline);
        var parameters = values.ParameterFiles.ToDictionary(f => f, values.Read, StringComparer.Ordinal);
        return new ExperimentRecord
        {
            Name = request.Name,
            Base = request.Base,
            Started = started,
            Set = [.. request.Set.Select(s => s.ToString())],
            Parameters = parameters,
            Metrics = Metrics(workspace.Project, values),
            Data = Digests(pipeline),
            Seed = TrialSeeds.Of(parameters),
            Plan = request.Plan,
            Rungs = request.Rungs,
            Status = ExperimentStatus.Done,
            Seconds = 0,
            Code = "",
        };
    }

    private static Dictionary<string, object?> Metrics(Project project, ValueReader values)
    {
        var all = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var file in values.MetricFiles)
        {
            var path = Path.Combine(project.Root, file);
            try
            {
                if (File.Exists(path))
                    all[file] = ExperimentValues.ReadMetrics(File.ReadAllBytes(path), file);
            }
            catch (Exception error) when (error is DataException or PipelineException)
            {
                // A file that is no metrics loses its numbers, not the run; `mlops metrics show` says what is wrong with it.
            }
        }

        return all;
    }

    private static SortedDictionary<string, string> Digests(Pipeline pipeline)
    {
        var project = pipeline.Project;
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var stage in pipeline.Stages)
        {
            if (pipeline.LockOf(stage)[stage.Name] is not { } locked)
                continue;
            foreach (var (path, digest) in locked.Dependencies.Concat(locked.Outputs))
                digests[project.Shown(Path.GetFullPath(path, stage.WorkingFolder))] = digest.Md5;
        }

        foreach (var pointer in pipeline.Pointers.Where(p => p.Digest is not null))
            digests[project.Shown(pointer.Target)] = pointer.Digest!.Md5;
        return digests;
    }

    private static string Short(string text) => text.Length > MostReason ? text[..MostReason] + "…" : text;
}
