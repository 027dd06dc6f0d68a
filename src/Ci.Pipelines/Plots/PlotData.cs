namespace Ci.Pipelines.Plots;

/// <summary>The points of one plot over all revisions, in the form that DVC gives to its templates.</summary>
/// <param name="Id">The plot's file, or the name it was given.</param>
/// <param name="Points">Each with all columns of its file, the revision as <c>rev</c>, and <c>filename</c> or <c>field</c> where lines differ in them.</param>
/// <param name="X">The key of the horizontal value.</param>
/// <param name="Y">The key of the vertical value.</param>
public sealed record PlotData(string Id, IReadOnlyList<OrderedDictionary<string, object?>> Points, string X, string Y)
{
    /// <summary>Parts the lines of several files or columns.</summary>
    public const string Separator = "::";

    /// <summary>The revisions that have points, the newest first.</summary>
    public required IReadOnlyList<string> Revisions { get; init; }

    public required string Title { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    /// <summary>The template's name; null: the usual one.</summary>
    public string? Template { get; init; }

    /// <summary>The key that tells lines of one revision apart; null when each has one.</summary>
    public string? LineKey { get; init; }

    /// <summary>Its values, in order.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}
