namespace Ci.Promotion;

/// <summary>What one environment asks of a promotion into it.</summary>
public sealed record EnvironmentPolicy
{
    public required string Name { get; init; }

    /// <summary>The branch of the model repository that stands for it; the first environment's is where people author.</summary>
    public required string Branch { get; init; }

    /// <summary>How many people other than the author must have approved exactly this release. Default 0.</summary>
    public int Approvals { get; init; }

    /// <summary>How long the release must have served upstream, by the devices' own telemetry, before it may come here. Default 0.</summary>
    public double SoakMinutes { get; init; }

    /// <summary>"pass": the verdict must be pass; "not-regress": inconclusive will do (the default); "none": not asked.</summary>
    public string Gates { get; init; } = "not-regress";

    /// <summary>Hints of the keys that may sign for it; empty means every trusted key.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>The most bytes that a release may have here; null when only the release's own limit counts.</summary>
    public long? MaxBytes { get; init; }
}
