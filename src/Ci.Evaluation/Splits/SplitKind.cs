namespace Ci.Evaluation;

/// <summary>How rows are parted.</summary>
public enum SplitKind
{
    /// <summary>By a hash of the row or of its key.</summary>
    Random,

    /// <summary>By such a hash within each class, so that every part has each class's share.</summary>
    Stratified,

    /// <summary>By a hash of the group: a group is never parted.</summary>
    Grouped,

    /// <summary>By time: every part lies after the one before.</summary>
    Chronological,
}
