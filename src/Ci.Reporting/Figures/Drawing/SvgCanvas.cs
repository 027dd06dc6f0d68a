using System.Globalization;
using System.Net;
using System.Text;

namespace Ci.Reporting.Drawing;

/// <summary>
/// Writes SVG elements. Colours are classes (see <see cref="FigureStyle"/>), so that one drawing serves the image file with its
/// own style sheet and the page that brings light and dark ones. Every text is escaped here and nowhere else.
/// </summary>
internal sealed class SvgCanvas(FigureSize size, bool tips = true)
{
    private readonly StringBuilder body = new();

    public FigureSize Size { get; } = size;

    /// <summary>Whether readers can point at a mark: they can on a page, and cannot in a picture of an img element.</summary>
    public bool HasTips => tips;

    public double Left => this.Size.Margin;

    public double Right => this.Size.Width - this.Size.Margin;

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        this.Add($"<line class=\"{style}\" x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\"/>");

    public void Rectangle(double x, double y, double width, double height, string style, string? tip = null) =>
        this.Mark($"rect class=\"{style}\" x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(Math.Max(0, width))}\" height=\"{N(Math.Max(0, height))}\"", tip);

    public void Dot(double x, double y, double radius, string style, string? tip = null) =>
        this.Mark($"circle class=\"{style}\" cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\"", tip);

    /// <summary>A square on its corner: told apart from a dot without any colour.</summary>
    public void Diamond(double x, double y, double radius, string style, string? tip = null) =>
        this.Mark($"path class=\"{style}\" d=\"M{N(x)} {N(y - radius)}L{N(x + radius)} {N(y)}L{N(x)} {N(y + radius)}L{N(x - radius)} {N(y)}Z\"", tip);

    /// <summary>A line through the points; NaN in a coordinate lifts the pen.</summary>
    public void Polyline(IEnumerable<(double X, double Y)> points, string style, bool close = false)
    {
        var path = new StringBuilder();
        var down = false;
        foreach (var (x, y) in points)
        {
            if (double.IsFinite(x) && double.IsFinite(y))
                path.Append(down ? 'L' : 'M').Append(N(x)).Append(' ').Append(N(y));
            down = double.IsFinite(x) && double.IsFinite(y);
        }

        if (path.Length > 0)
            this.Add($"<path class=\"{style}\" d=\"{path}{(close ? "Z" : "")}\"/>");
    }

    /// <summary>Text with its baseline at <paramref name="y"/>.</summary>
    public void Text(double x, double y, string text, double size, string style, Anchor anchor = Anchor.Start)
    {
        var where = anchor switch { Anchor.Start => "", Anchor.Middle => " text-anchor=\"middle\"", _ => " text-anchor=\"end\"" };
        this.Add($"<text class=\"{style}\" x=\"{N(x)}\" y=\"{N(y)}\" font-size=\"{N(size)}\"{where}>{Escape(text)}</text>");
    }

    /// <summary>A picture from outside. Only its bytes go in, as data: nothing is fetched, and what an image element shows runs nothing.</summary>
    public void Image(double x, double y, double width, double height, string mediaType, string base64) =>
        this.Add($"<image x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" href=\"data:{Escape(mediaType)};base64,{base64}\"/>");

    /// <summary>The whole SVG: a card of its own with <paramref name="card"/>, else only the drawing, for a page that brings the styles.</summary>
    public string Finish(double height, string name, string title, string description, bool card)
    {
        var (width, id) = (this.Size.Width, $"{name}-{this.Size.Name}");
        var scale = this.Size.Display / width;
        var head = $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"figure {this.Size.Name}\" viewBox=\"0 0 {N(width)} {N(height)}\" "
            + $"width=\"{N(width * scale)}\" height=\"{N(height * scale)}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n"
            + $"<title id=\"{id}-title\">{Escape(title)}</title>\n<desc id=\"{id}-desc\">{Escape(description)}</desc>\n";
        if (card)
        {
            head += $"<style>{FigureStyle.Card}</style>\n"
                + $"<rect class=\"f-card\" x=\"0.5\" y=\"0.5\" width=\"{N(width - 1)}\" height=\"{N(height - 1)}\" rx=\"8\"/>\n";
        }

        return head + this.body + "</svg>\n";
    }

    private void Mark(string element, string? tip) =>
        this.Add(tip is null ? $"<{element}/>" : $"<{element}><title>{Escape(tip)}</title></{element[..element.IndexOf(' ')]}>");

    private void Add(string element) => this.body.Append(element).Append('\n');

    private static string Escape(string text) => WebUtility.HtmlEncode(PlainText.Clean(text));

    private static string N(double value) => (Math.Round(value, 1) + 0.0).ToString("0.#", CultureInfo.InvariantCulture);
}
