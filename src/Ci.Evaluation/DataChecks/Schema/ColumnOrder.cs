namespace Ci.Evaluation;

/// <summary>How a column's cells must follow one another, from row to row.</summary>
public enum ColumnOrder
{
    None,
    Increasing,
    NonDecreasing,
    Decreasing,
    NonIncreasing,
}
