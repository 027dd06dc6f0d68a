using Ci.Data;
using Ci.Pipelines;
using Ci.Pipelines.Experiments;
using Ci.Pipelines.Revisions;

namespace Ci.Cli.Verbs;

/// <summary>Metrics and parameters of the workspace, of commits, and of experiments.</summary>
internal sealed class ExpValues : IDisposable
{
    private const int MostBytes = 64 << 20;

    private readonly ExperimentWorkspace home;
    private readonly ProjectViews views;
    private readonly Dictionary<string, ProjectView> opened = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> metrics;
    private readonly IReadOnlyList<string> parameters;

    private ExpValues(ExperimentWorkspace home, ProjectViews views, ValueReader? reader, IEnumerable<ExperimentRecord> known)
    {
        (this.home, this.views) = (home, views);
        var records = known.ToList();
        this.metrics = [.. (reader?.MetricFiles ?? []).Concat(records.SelectMany(r => r.Metrics.Keys)).Distinct(StringComparer.Ordinal)];
        this.parameters = [.. (reader?.ParameterFiles ?? []).Concat(records.SelectMany(r => r.Parameters.Keys)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Which files hold values is what the pipeline says, and what experiments had. A pipeline that cannot be read does not hide them.</summary>
    public static async Task<ExpValues> OfAsync(CliContext context, ExperimentWorkspace home, CancellationToken ct)
    {
        ValueReader? readable = null;
        try
        {
            readable = new ValueReader(Pipeline.Load(home.Project));
        }
        catch (Exception error) when (error is DataException or PipelineException)
        {
            context.Note($"mlops: the workspace's pipeline cannot be read: {error.Message}");
        }

        return new ExpValues(home, new ProjectViews(context, home.Project), readable, (await home.Store.AllAsync(ct)).Select(e => e.Record).OfType<ExperimentRecord>());
    }

    public void Dispose() => this.views.Dispose();

    public ExpRow Workspace() => new("workspace", null, "workspace") { Metrics = this.Here(this.metrics), Parameters = this.Here(this.parameters) };

    private Dictionary<string, object?> Here(IEnumerable<string> files) => files.Where(f => File.Exists(Path.Combine(this.home.Project.Root, f)))
        .ToDictionary(f => f, f => Tolerant(() => ExperimentValues.ReadMetrics(File.ReadAllBytes(Path.Combine(this.home.Project.Root, f)), f)), StringComparer.Ordinal);

    public async Task<ExpRow> OfAsync(string commit, string name, CancellationToken ct)
    {
        var known = await this.home.Git.LogAsync(commit, 1, ct) is [var one] ? one : null;
        return new ExpRow(name, commit, "baseline")
        {
            Base = commit,
            Created = known?.CommitterDate,
            Metrics = await this.ReadAsync(commit, this.metrics, ct),
            Parameters = await this.ReadAsync(commit, this.parameters, ct),
        };
    }

    /// <summary>By its record; one that DVC made, by its commit.</summary>
    public async Task<ExpRow> OfAsync(Experiment experiment, CancellationToken ct)
    {
        var row = new ExpRow(experiment.Ref.Name, experiment.Commit, "experiment")
        {
            Base = experiment.Ref.Base,
            Created = experiment.Date,
            State = experiment.Status == ExperimentStatus.Done ? "" : experiment.Status.ToString(),
            Experiment = experiment,
        };
        return experiment.Record is { } record
            ? row with { Metrics = record.Metrics, Parameters = record.Parameters }
            : row with { Metrics = await this.ReadAsync(experiment.Commit, this.metrics, ct), Parameters = await this.ReadAsync(experiment.Commit, this.parameters, ct) };
    }

    private async Task<Dictionary<string, object?>> ReadAsync(string commit, IReadOnlyList<string> files, CancellationToken ct)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (await this.ReadAsync(commit, file, ct) is { } found)
                values[file] = found;
        }

        return values;
    }

    private async Task<object?> ReadAsync(string commit, string file, CancellationToken ct)
    {
        try
        {
            return await this.home.Git.ReadFileAsync(commit, this.home.InGit(file), ct) is { } bytes
                ? ExperimentValues.ReadMetrics(bytes, file)
                : this.At(commit).Read(file, MostBytes) is { } cached ? ExperimentValues.ReadMetrics(cached, file) : null;
        }
        catch (Exception error) when (error is DataException or PipelineException)
        {
            // An old commit with a file that cannot be read must not keep the table from being shown.
            return null;
        }
    }

    // What Git does not hold lies in the cache, by the lock that the commit had.
    private ProjectView At(string commit)
    {
        if (!this.opened.TryGetValue(commit, out var view))
            this.opened[commit] = view = this.views.Of(commit);
        return view;
    }

    private static object? Tolerant(Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is DataException or PipelineException)
        {
            return null;
        }
    }
}
