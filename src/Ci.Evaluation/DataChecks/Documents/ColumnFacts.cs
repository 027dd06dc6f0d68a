namespace Ci.Evaluation;

/// <summary>What a column holds.</summary>
public sealed record ColumnFacts
{
    public required string Name { get; init; }

    /// <summary>One of the schema's types.</summary>
    public required string Type { get; init; }

    /// <summary>Cells that hold nothing.</summary>
    public long Missing { get; init; }

    /// <summary>Different values; an estimate (standard error 0.8 %) where <see cref="DistinctIsEstimate"/>.</summary>
    public long Distinct { get; init; }

    public bool DistinctIsEstimate { get; init; }

    /// <summary>Of numbers and times, as text.</summary>
    public string? Min { get; init; }

    public string? Max { get; init; }

    /// <summary>Of numbers.</summary>
    public double? Mean { get; init; }

    public double? StandardDeviation { get; init; }
}
