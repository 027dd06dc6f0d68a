namespace Ci.Pipelines.Experiments;

/// <summary>Runs what is queued. Several runners share a queue: each entry is run by whoever takes it first.</summary>
public sealed class QueueRunner(ExperimentWorkspace home, TrialRunner runner, ReproOptions repro, Action<string> note)
{
    private readonly ExperimentQueue queue = new(home);
    private readonly List<TrialResult> results = [];

    /// <summary>Runs until nothing is left that another runner does not already have.</summary>
    public async Task<IReadOnlyList<TrialResult>> RunAsync(int jobs, CancellationToken ct = default)
    {
        await Task.WhenAll(Enumerable.Range(0, Math.Max(1, jobs)).Select(_ => this.WorkAsync(ct)));
        return this.results;
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        while (this.Next() is var (entry, held))
        {
            using (held)
                await this.OneAsync(entry, ct);
        }
    }

    private (QueuedExperiment Entry, IDisposable Held)? Next()
    {
        // One process opens a lock once: two workers of this one must not race for it.
        lock (this.results)
        {
            foreach (var entry in this.queue.Entries())
            {
                if (this.queue.TryTake(entry) is { } held)
                    return (entry, held);
            }
        }

        return null;
    }

    private async Task OneAsync(QueuedExperiment entry, CancellationToken ct)
    {
        var set = entry.Set.Select(s => OverrideReader.Read(s, file => file).Settled).ToList();
        var request = new TrialRequest
        {
            Name = entry.Name,
            Base = entry.Base,
            Set = set,
            Message = entry.Message,
            Replace = entry.Force,
            Repro = repro with { Targets = entry.Targets, Folder = Path.GetFullPath(entry.Folder, home.Project.Root), Force = entry.Force, SingleItem = entry.SingleItem },
        };
        try
        {
            var result = await runner.InFolderAsync(request, entry.Commit, entry.Copy, ct);
            lock (this.results)
                this.results.Add(result);
            if (result.Error is { } error)
                note($"{entry.Name} failed: {error.Message.Split('\n')[0]}; its output: {runner.LogOf(entry.Name)}");
        }
        catch (PipelineException error)
        {
            // Its own name, its own state: what is wrong with one entry must not keep the others from running.
            note($"{entry.Name}: {error.Message}");
        }

        await this.queue.RemoveAsync(entry, CancellationToken.None);
    }
}
