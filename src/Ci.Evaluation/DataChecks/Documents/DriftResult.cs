namespace Ci.Evaluation;

/// <summary>One column, or its missing cells, beside the reference.</summary>
public sealed record DriftResult
{
    public required string Column { get; init; }

    /// <summary>"distribution" or "missing".</summary>
    public required string Subject { get; init; }

    /// <summary>The test, in words: "Kolmogorov–Smirnov" or "chi-square".</summary>
    public required string Test { get; init; }

    /// <summary>Cells that were compared, and the reference's.</summary>
    public required long Rows { get; init; }

    public required long ReferenceRows { get; init; }

    /// <summary>Neighbouring rows that tell as much as one independent row.</summary>
    public double RowsPerIndependent { get; init; } = 1;

    /// <summary>The share of rows that lie elsewhere, from 0 to 1; of missing cells, the change of their share.</summary>
    public required double Distance { get; init; }

    /// <summary>The least distance that counts.</summary>
    public required double Limit { get; init; }

    /// <summary>The least distance that so many rows would surely have shown.</summary>
    public double LeastDistance { get; init; }

    /// <summary>How often chance alone makes such a distance, and the same after Holm's adjustment over all tests.</summary>
    public double P { get; init; }

    public double AdjustedP { get; init; }

    /// <summary>Population stability index, for those who are used to it; nothing is decided by it.</summary>
    public double? StabilityIndex { get; init; }

    /// <summary>Means of numbers; shares of missing cells.</summary>
    public double? Value { get; init; }

    public double? ReferenceValue { get; init; }

    /// <summary>Values that the reference does not have, the most frequent first.</summary>
    public IReadOnlyList<string> NewValues { get; init => field = value ?? []; } = [];

    public required CheckOutcome Outcome { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public required string Reason { get; init; }
}
