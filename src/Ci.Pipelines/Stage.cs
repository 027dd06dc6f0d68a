namespace Ci.Pipelines;

/// <summary>One stage of a <c>dvc.yaml</c>, with everything filled in.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Folder">Where its <c>dvc.yaml</c> lies, absolute.</param>
/// <param name="WorkingFolder">Where its commands run, absolute.</param>
/// <param name="Commands">One after the other; the first that fails ends the stage.</param>
/// <param name="CommandIsList">Whether they were written as a list (the lock repeats the form).</param>
public sealed record Stage(string Name, string Folder, string WorkingFolder, IReadOnlyList<string> Commands, bool CommandIsList)
{
    /// <summary>Path as written, and absolute.</summary>
    public IReadOnlyList<StageDependency> Dependencies { get; init; } = [];

    /// <summary>In the order in which the files are named.</summary>
    public IReadOnlyList<ParameterSet> Parameters { get; init; } = [];

    public IReadOnlyList<Output> Outputs { get; init; } = [];

    public bool Frozen { get; init; }

    /// <summary>What it is for, in people's words.</summary>
    public string? Description { get; init; }

    /// <summary>What <c>meta</c> says, as plain values; null when it says nothing.</summary>
    public object? Meta { get; init; }

    public bool AlwaysChanged { get; init; }

    /// <summary>What its <c>meta</c> asks of the machine.</summary>
    public Scheduling.StageNeeds Needs { get; init; } = Scheduling.StageNeeds.None;

    /// <summary>The name by which messages and targets call it; stages of other folders carry their file's path.</summary>
    public required string Address { get; init; }

    /// <summary>Nothing says when it is out of date, so it always is.</summary>
    public bool IsCallback => this.Dependencies.Count == 0 && this.Parameters.Count == 0 && this.Outputs.Count == 0;

    /// <summary>An earlier run with the same inputs may stand in for a run. Data outside of the cache is not kept by runs, metrics and plots are.</summary>
    public bool CanReuseRuns =>
        !this.AlwaysChanged && this.Dependencies.Count + this.Parameters.Count > 0 && this.Outputs.Count > 0
        && this.Outputs.All(o => !o.Persist && (o.Cache || o.Kind != OutputKind.Data));
}
