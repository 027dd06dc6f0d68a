namespace Ci.Evaluation;

/// <summary>What a table must be: <c>data-schema.yaml</c>, whose format stands in docs/protocol/data-schema.md.</summary>
public sealed record DataSchema
{
    public const string CurrentSchema = "mlops.data-schema/v1";

    public long? LeastRows { get; init; }

    public long? MostRows { get; init; }

    /// <summary>Cells that count as missing besides empty ones, and NaN in columns of numbers.</summary>
    public IReadOnlyList<string> MissingMarks { get; init; } = [];

    /// <summary>Whether columns may be there that no rule speaks of.</summary>
    public bool ExtraColumns { get; init; }

    /// <summary>Columns (names or patterns) that must not be there.</summary>
    public IReadOnlyList<string> Forbidden { get; init; } = [];

    /// <summary>Columns whose values together must be different in every row.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Keys { get; init; } = [];

    public required IReadOnlyList<ColumnRule> Columns { get; init; }

    public DriftRule Drift { get; init; } = new();

    /// <summary>The rule of a column: that of its own name, else the first pattern that fits; null where none speaks of it.</summary>
    internal ColumnRule? RuleOf(string column) =>
        this.Columns.FirstOrDefault(rule => !rule.IsPattern && rule.Name == column) ?? this.Columns.FirstOrDefault(rule => rule.IsPattern && rule.Fits(column));
}
