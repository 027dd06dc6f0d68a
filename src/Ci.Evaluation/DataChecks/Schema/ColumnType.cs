namespace Ci.Evaluation;

/// <summary>What a column's cells are.</summary>
public enum ColumnType
{
    /// <summary>Whole numbers; 3.0 is one.</summary>
    Whole,

    /// <summary>Finite decimal numbers.</summary>
    Number,

    /// <summary>true or false in any case, 1 or 0.</summary>
    Boolean,

    /// <summary>Text of few values.</summary>
    Category,

    /// <summary>Any text.</summary>
    Text,

    /// <summary>ISO 8601 dates.</summary>
    Date,

    /// <summary>ISO 8601 times; UTC where they say no offset.</summary>
    DateTime,
}
