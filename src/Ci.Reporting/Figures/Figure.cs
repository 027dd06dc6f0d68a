namespace Ci.Reporting;

/// <summary>
/// One figure as an image file of its own: a neutral card that light and dark surroundings both leave legible.
/// <see cref="Name"/> is one of a fixed set of file-name stems; <see cref="AltText"/> says in words what the picture shows.
/// </summary>
public sealed record Figure(string Name, string Title, string AltText, string Svg);
