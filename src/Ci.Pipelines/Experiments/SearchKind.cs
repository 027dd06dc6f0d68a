namespace Ci.Pipelines.Experiments;

/// <summary>How a search chooses values.</summary>
public enum SearchKind
{
    /// <summary>Every combination of listed values.</summary>
    Grid,

    /// <summary>Each value drawn by itself.</summary>
    Random,

    /// <summary>Latin hypercube: each range is cut into as many equal parts as there are trials, and each part is used once.</summary>
    Lhs,
}
