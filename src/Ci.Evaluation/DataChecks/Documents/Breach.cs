namespace Ci.Evaluation;

/// <summary>One rule that the data break.</summary>
public sealed record Breach
{
    /// <summary>Null where the rule is about the whole table.</summary>
    public string? Column { get; init; }

    /// <summary>The schema's key: "type", "max", "missing", "unique", "required", "rows", …</summary>
    public required string Rule { get; init; }

    /// <summary>What was wanted, in words: "at most 70000".</summary>
    public required string Expected { get; init; }

    /// <summary>Rows that break it; of a rule about columns or rows as such, what was found instead.</summary>
    public long Count { get; init; }

    /// <summary><see cref="Count"/> as a share of all rows; null where the rule is not about rows.</summary>
    public double? Share { get; init; }

    /// <summary>The first lines of the file (from 1) that break it.</summary>
    public IReadOnlyList<long> Lines { get; init => field = value ?? []; } = [];

    /// <summary>Some of the cells that do, cut at 80 characters.</summary>
    public IReadOnlyList<string> Examples { get; init => field = value ?? []; } = [];
}
