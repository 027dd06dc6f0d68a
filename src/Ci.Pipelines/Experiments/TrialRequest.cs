namespace Ci.Pipelines.Experiments;

/// <summary>What one run is to be recorded as, and how it is run.</summary>
public sealed record TrialRequest
{
    public required string Name { get; init; }

    /// <summary>The full id of the commit that it begins from.</summary>
    public required string Base { get; init; }

    /// <summary>What was set; recorded, for it stands in the files already.</summary>
    public IReadOnlyList<ParameterOverride> Set { get; init; } = [];

    /// <summary>The commit's message; null makes one up.</summary>
    public string? Message { get; init; }

    /// <summary>An experiment of that name may be there already.</summary>
    public bool Replace { get; init; }

    public (string Id, int Trial)? Plan { get; init; }

    public IReadOnlyList<RungResult> Rungs { get; init; } = [];

    /// <summary>Of the main project; a trial in a folder of its own runs at the same place in there.</summary>
    public required ReproOptions Repro { get; init; }
}
