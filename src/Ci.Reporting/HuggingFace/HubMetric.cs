namespace Ci.Reporting;

/// <summary>One metric of a README's <c>model-index</c>. <see cref="Value"/> is null where the value is no number ("20.0 ± 1.2"); <see cref="Text"/> is always as written.</summary>
public sealed record HubMetric
{
    public required string Model { get; init; }

    public required string Task { get; init; }

    public required string Dataset { get; init; }

    public string? DatasetName { get; init; }

    public string? Split { get; init; }

    public required string Metric { get; init; }

    public string? Name { get; init; }

    public required string Text { get; init; }

    public double? Value { get; init; }

    public string? Unit { get; init; }

    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>The Hub made the evaluation itself.</summary>
    public bool Verified { get; init; }
}
