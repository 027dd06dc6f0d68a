using System.Text.RegularExpressions;

namespace Ci.Evaluation;

/// <summary>What one column, or every column whose name a pattern fits, must be. Bounds of times are in the unit of <see cref="CellValue"/>.</summary>
public sealed record ColumnRule
{
    /// <summary>The column's name; with <c>*</c> in it, a pattern of names.</summary>
    public required string Name { get; init; }

    public required ColumnType Type { get; init; }

    public bool Required { get; init; } = true;

    /// <summary>The least and the greatest value allowed.</summary>
    public double? Min { get; init; }

    public double? Max { get; init; }

    /// <summary>Bounds that are themselves not allowed.</summary>
    public double? Above { get; init; }

    public double? Below { get; init; }

    /// <summary>The values allowed, as text; null allows all.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>What a whole cell must match.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>Bounds of a cell's length in characters.</summary>
    public long? Shortest { get; init; }

    public long? Longest { get; init; }

    /// <summary>The greatest share of missing cells.</summary>
    public double Missing { get; init; }

    public bool Unique { get; init; }

    public ColumnOrder Order { get; init; }

    /// <summary>What every cell must exceed the one before by; null for no fixed step.</summary>
    public double? Step { get; init; }

    /// <summary>Whether every row may hold the same value.</summary>
    public bool Constant { get; init; } = true;

    /// <summary>Whether it is compared with a reference, and by what.</summary>
    public bool TestsDrift { get; init; }

    public double? DriftDistance { get; init; }

    public double? DriftMissing { get; init; }

    public bool IsPattern => this.Name.Contains('*', StringComparison.Ordinal);

    /// <summary>Whether the rule speaks of the column.</summary>
    internal bool Fits(string column) =>
        this.IsPattern ? System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(this.Name.Replace("\\", "\\\\", StringComparison.Ordinal), column, ignoreCase: false) : column == this.Name;
}
