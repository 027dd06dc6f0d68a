using Ci.Reporting.Drawing;

namespace Ci.Reporting;

/// <summary>Figures for paper: printers know no variables in an SVG's style, so the colours of print stand in it.</summary>
internal static class PrintFigure
{
    /// <summary>The page's own sheet with the colours that the page has in print.</summary>
    public static readonly string Style = Literal(FigureStyle.Sheet);

    public static string Of(FigureDrawing drawing)
    {
        var svg = drawing.Render(FigureSize.Wide, card: false);
        var head = svg.IndexOf("</desc>", StringComparison.Ordinal) + "</desc>".Length;
        return $"<figure id=\"figure-{drawing.Name}\">\n{svg[..head]}<style>{Style}</style>{svg[head..]}</figure>\n";
    }

    private static string Literal(string sheet)
    {
        (string Name, string Colour)[] colours =
        [
            ("ink", "#000"), ("muted", "#444"), ("grid", "#ddd"), ("axis", "#888"), ("accent", "#004f80"), ("grey", "#666"), ("paper", "#fff"),
            ("c2", "#b85a00"), ("c3", "#007a5a"), ("c4", "#a3477a"), ("c5", "#8a6d00"),
        ];
        foreach (var (name, colour) in colours)
            sheet = sheet.Replace($"var(--{name})", colour, StringComparison.Ordinal);
        return sheet.Replace("system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif", CardStyle.Fonts, StringComparison.Ordinal);
    }
}
