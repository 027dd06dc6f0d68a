using System.Globalization;

namespace Ci.Reporting.Drawing;

/// <summary>
/// The look of every figure: ink, one accent (blue of the Okabe–Ito palette, told apart by all common colour vision), grey for the
/// baseline, further colours of that palette for more than two revisions. Shapes and dashes differ too, so nothing hangs on colour alone.
/// </summary>
internal static class FigureStyle
{
    private static readonly string[] Light = ["#1f2328", "#57606a", "#dde2e8", "#8c959f", "#0068a8", "#6e7781", "#f6f8fa", "#d0d7de", "#b85a00", "#007a5a", "#a3477a", "#8a6d00"];

    private static readonly string[] Dark = ["#e6edf3", "#9da7b3", "#2b323b", "#6e7681", "#5cb3ff", "#a0a9b4", "#161b22", "#30363d", "#ff9f5a", "#3ecf9f", "#e59cc5", "#e8cf4a"];

    private static readonly string[] Variables = ["var(--ink)", "var(--muted)", "var(--grid)", "var(--axis)", "var(--accent)", "var(--grey)", "var(--paper)", "none", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)"];

    /// <summary>The card's background where a viewer knows nothing of dark; pictures without transparency are painted with it.</summary>
    public static string CardPaper => Light[6];

    /// <summary>
    /// Sheet for an image file: a card that brings its own background. Viewers that know <c>prefers-color-scheme</c> get a dark card in
    /// dark surroundings; those that pass over it (librsvg) keep the light one, which is legible everywhere.
    /// </summary>
    public static readonly string Card = Shapes + Colours(Light) + $"@media (prefers-color-scheme:dark){{{Colours(Dark)}}}";

    /// <summary>The sheet whose colours are variables, without their values.</summary>
    public static readonly string Sheet = Shapes + Colours(Variables);

    /// <summary>Sheet for the page: the colours are the page's own variables, which know light, dark and print; those of further revisions come with it.</summary>
    public static readonly string Page =
        $":root{{{More(Light)}}}@media (prefers-color-scheme:dark){{:root{{{More(Dark)}}}}}@media print{{:root{{{More(Light)}}}}}" + Sheet;

    private static string Shapes =>
        "svg.figure text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif}"
        + ".f-title,.f-strong,.f-cand-text,.f-on-dark,.t0{font-weight:600}"
        + ".f-grid,.f-axis,.f-zero{stroke-width:1}"
        + ".f-cand,.f-cand-dash,.f-base,.f-base-line,.f-base-dash,.f-true,.p0,.p1,.p2,.p3,.p4,.p5{fill:none;stroke-width:2;stroke-linejoin:round}"
        + ".f-base-line{stroke-dasharray:7 2.5}.f-cand-dash,.f-base-dash{stroke-width:1.4;stroke-dasharray:2 2.5}"
        + ".f-cand-mark,.f-cand-open,.f-base-mark{stroke-width:2}.f-true{stroke-width:1.3;stroke-dasharray:4 2.5}"
        + ".f-cand-area{fill-opacity:.26}.f-bar{fill-opacity:.45}.f-hit{fill:none;pointer-events:all}.f-cell{stroke-width:1.5}"
        + ".f-faint{stroke-opacity:.35;stroke-width:1.2}.f-cloud{fill-opacity:.6}"
        + ".d1{stroke-dasharray:6 3}.d2{stroke-dasharray:2 2.5}.d3{stroke-dasharray:9 3 2 3}.d4{stroke-dasharray:12 4}.d5{stroke-dasharray:1 3}"
        + string.Concat(Enumerable.Range(0, 11).Select(i => $".f-h{i}{{fill-opacity:{(0.04 + 0.096 * i).ToString("0.###", CultureInfo.InvariantCulture)}}}"));

    private static string Colours(string[] colours)
    {
        var (ink, muted, grid, axis, accent, grey, paper, border) = (colours[0], colours[1], colours[2], colours[3], colours[4], colours[5], colours[6], colours[7]);
        string[] lines = [accent, grey, .. colours[8..]];
        return $".f-card{{fill:{paper};stroke:{border}}}"
            + $".f-title,.f-text,.f-strong{{fill:{ink}}}.f-mute,.f-base-text,.t1{{fill:{muted}}}"
            + $".f-grid{{stroke:{grid}}}.f-axis{{stroke:{axis}}}.f-zero,.f-true{{stroke:{ink}}}"
            + $".f-cand,.f-cand-dash{{stroke:{accent}}}.f-cand-mark{{fill:{accent};stroke:{accent}}}.f-cand-open{{fill:{paper};stroke:{accent}}}"
            + $".f-cand-area,.f-bar,.f-cand-text,.f-cell{{fill:{accent}}}.f-cell{{stroke:{paper}}}.f-sq{{fill:{accent}}}.f-sq-base{{fill:{grey}}}.f-on-dark{{fill:{paper}}}"
            + $".f-base,.f-base-line,.f-base-dash{{stroke:{grey}}}.f-base-mark{{fill:{paper};stroke:{grey}}}"
            + string.Concat(lines.Select((colour, i) => $".p{i}{{stroke:{colour}}}.m{i}{{fill:{colour}}}{(i == 1 ? "" : $".t{i}{{fill:{colour}}}")}"));
    }

    private static string More(string[] colours) => string.Concat(Enumerable.Range(2, 4).Select(i => $"--c{i}:{colours[6 + i]};"));
}
