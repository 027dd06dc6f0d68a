namespace Ci.Reporting.Drawing;

/// <summary>
/// One of the two widths that figures are drawn in. <see cref="Compact"/> is narrow enough that a phone of 360 pixels, which leaves a
/// comment about 328 of them, shows no text below 10; <see cref="Wide"/> fills the column of the page. All lengths are SVG user units.
/// </summary>
internal sealed record FigureSize(string Name, double Width, double Display, double Margin, double Title, double Label, double Tick)
{
    public static readonly FigureSize Compact = new("compact", Width: 400, Display: 520, Margin: 13, Title: 15, Label: 12.5, Tick: 12.25);

    public static readonly FigureSize Wide = new("wide", Width: 760, Display: 760, Margin: 1, Title: 15.5, Label: 13, Tick: 12);

    public bool IsWide => this.Width > 600;
}
