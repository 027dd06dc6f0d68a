namespace Ci.Reporting;

/// <summary>
/// One figure as an image file of its own: a neutral card that light and dark surroundings both leave legible.
/// <see cref="Name"/> is one of a fixed set of file-name stems, or <c>plot-1</c>, <c>plot-2</c>, …; <see cref="AltText"/> says in words what the picture shows.
/// </summary>
public sealed record Figure(string Name, string Title, string AltText, string Svg)
{
    /// <summary>What it is about: one of <see cref="FigureGroup"/>.</summary>
    public string Group { get; init; } = FigureGroup.Predictions;
}
