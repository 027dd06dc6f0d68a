namespace Ci.Pipelines.Experiments;

/// <summary>How the trials of a plan are run.</summary>
public sealed record SearchRequest
{
    public required ExperimentPlan Plan { get; init; }

    /// <summary>By which records say whose trials they are.</summary>
    public required string PlanId { get; init; }

    /// <summary>The full id of the commit that all begin from.</summary>
    public required string Base { get; init; }

    /// <summary>The files that all begin with, before their parameters.</summary>
    public required string Tree { get; init; }

    /// <summary>Trials at the same time.</summary>
    public int Jobs { get; init; } = 1;

    public IReadOnlyList<string> Copy { get; init; } = [];

    public string? Message { get; init; }

    public required ReproOptions Repro { get; init; }
}
