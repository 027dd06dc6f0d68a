namespace Ci.Pipelines;

/// <summary>What stands in a <c>dvc.yaml</c> outside of its stages.</summary>
public sealed record TopLevel
{
    /// <summary>Files with metrics.</summary>
    public IReadOnlyList<Output> Metrics { get; init; } = [];

    /// <summary>Files with parameters; of files that <c>vars</c> name, the keys that were filled in.</summary>
    public IReadOnlyList<ParameterSet> Parameters { get; init; } = [];

    public IReadOnlyList<Plot> Plots { get; init; } = [];

    public IReadOnlyList<Artifact> Artifacts { get; init; } = [];
}
