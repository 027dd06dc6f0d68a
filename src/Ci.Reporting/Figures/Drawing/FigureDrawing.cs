namespace Ci.Reporting.Drawing;

/// <summary>
/// A figure that can be drawn in any size. <paramref name="Content"/> draws from the height it is given and returns where it ended.
/// </summary>
internal sealed record FigureDrawing(string Name, string Title, string? Explanation, string AltText, Func<SvgCanvas, double, double> Content)
{
    /// <summary>Which section of a page it belongs to: one of <see cref="FigureGroup"/>.</summary>
    public string Group { get; init; } = FigureGroup.Predictions;

    public string Render(FigureSize size, bool card)
    {
        var canvas = new SvgCanvas(size, tips: !card);
        var bottom = this.Content(canvas, Header.Draw(canvas, this.Title, this.Explanation));
        return canvas.Finish(Math.Ceiling(bottom + (size.IsWide ? 4 : 12)), this.Name, this.Title, this.AltText, card);
    }
}
