namespace Ci.Pipelines.Scheduling;

/// <summary>Why a stage would run, and what could stand in for a run.</summary>
/// <param name="Stage">The stage's address.</param>
/// <param name="Reasons">Empty: it is up to date.</param>
public sealed record StageReasons(string Stage, IReadOnlyList<StageReason> Reasons)
{
    /// <summary>What <c>repro</c> would do.</summary>
    public StageFate Fate { get; init; }

    /// <summary>Stages that it needs, directly or not, and that are not up to date themselves: they may change what it reads.</summary>
    public IReadOnlyList<string> StaleNeeds { get; init; } = [];

    /// <summary>Why an earlier run cannot be looked for; null when it can.</summary>
    public string? NoReuse { get; init; }

    /// <summary>The recorded run that comes nearest, as what differs from it; null when there is none.</summary>
    public IReadOnlyList<StageReason>? Nearest { get; init; }
}
