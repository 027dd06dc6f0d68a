using Ci.Pipelines.Experiments;
using Ci.Pipelines.Parameters;

namespace Ci.Cli.Verbs;

/// <summary>One row of a table of experiments: the workspace, a commit, or an experiment below the commit that it began from.</summary>
internal sealed record ExpRow(string Name, string? Commit, string Kind)
{
    /// <summary>The commit that the row stands under; null for the workspace.</summary>
    public string? Base { get; init; }

    public DateTimeOffset? Created { get; init; }

    /// <summary>"", or "Queued", "Running", "Failed", "Stopped".</summary>
    public string State { get; init; } = "";

    public IReadOnlyDictionary<string, object?> Metrics { get; init; } = new Dictionary<string, object?>();

    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    public Experiment? Experiment { get; init; }

    public object? Metric(ExpColumn column) => Find(this.Metrics, column);

    public object? Parameter(ExpColumn column) => Find(this.Parameters, column);

    private static object? Find(IReadOnlyDictionary<string, object?> files, ExpColumn column) =>
        files.TryGetValue(column.File, out var values) && ParameterFile.TryFind(values, column.Key, out var value) ? value : null;
}
