namespace Ci.Reporting.Drawing;

/// <summary>
/// The look of every figure: ink, one accent (blue of the Okabe–Ito palette, told apart by all common colour vision), grey for the
/// baseline. Shapes differ too, so nothing hangs on colour alone.
/// </summary>
internal static class FigureStyle
{
    /// <summary>Sheet for an image file: light colours on a neutral card, which both light and dark surroundings leave legible.</summary>
    public static readonly string Card =
        Sheet(ink: "#1f2328", muted: "#57606a", grid: "#dde2e8", axis: "#8c959f", accent: "#0068a8", grey: "#6e7781", paper: "#f6f8fa", border: "#d0d7de", fill: 0.25);

    /// <summary>Sheet for the page: the colours are the page's own variables, which know light, dark and print.</summary>
    public static readonly string Page =
        Sheet("var(--ink)", "var(--muted)", "var(--grid)", "var(--axis)", "var(--accent)", "var(--grey)", "var(--paper)", "none", fill: 0.28);

    private static string Sheet(string ink, string muted, string grid, string axis, string accent, string grey, string paper, string border, double fill) =>
        "svg.figure text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif}"
        + $".f-card{{fill:{paper};stroke:{border}}}"
        + $".f-title{{fill:{ink};font-weight:600}}.f-text{{fill:{ink}}}.f-strong{{fill:{ink};font-weight:600}}.f-mute{{fill:{muted}}}"
        + $".f-grid{{stroke:{grid};stroke-width:1}}.f-axis{{stroke:{axis};stroke-width:1}}.f-zero{{stroke:{ink};stroke-width:1}}"
        + $".f-cand{{stroke:{accent};fill:none;stroke-width:2;stroke-linejoin:round}}.f-cand-mark{{fill:{accent};stroke:{accent};stroke-width:2}}"
        + $".f-cand-open{{fill:{paper};stroke:{accent};stroke-width:2}}.f-cand-area{{fill:{accent};fill-opacity:{fill}}}.f-cand-text{{fill:{accent};font-weight:600}}"
        + $".f-base{{stroke:{grey};fill:none;stroke-width:2;stroke-linejoin:round}}.f-base-mark{{fill:{paper};stroke:{grey};stroke-width:2}}.f-base-text{{fill:{muted}}}"
        + $".f-true{{stroke:{ink};fill:none;stroke-width:1.3;stroke-dasharray:4 2.5;stroke-linejoin:round}}"
        + $".f-hit{{fill:none;pointer-events:all}}.f-cell{{fill:{accent};stroke:{paper};stroke-width:1.5}}.f-on-dark{{fill:{paper};font-weight:600}}"
        + string.Concat(Enumerable.Range(0, 11).Select(i => $".f-h{i}{{fill-opacity:{(0.04 + 0.096 * i).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)}}}"));
}
