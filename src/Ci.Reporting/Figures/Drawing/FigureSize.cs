namespace Ci.Reporting.Drawing;

/// <summary>
/// One of the two widths that figures are drawn in. <see cref="Compact"/> is narrow enough that its text stays legible when a
/// phone shrinks it; <see cref="Wide"/> fills the column of the page. All lengths are SVG user units.
/// </summary>
internal sealed record FigureSize(string Name, double Width, double Display, double Margin, double Title, double Label, double Tick)
{
    public static readonly FigureSize Compact = new("compact", Width: 440, Display: 560, Margin: 14, Title: 14.5, Label: 12, Tick: 11.5);

    public static readonly FigureSize Wide = new("wide", Width: 760, Display: 760, Margin: 1, Title: 15.5, Label: 13, Tick: 12);

    public bool IsWide => this.Width > 600;
}
