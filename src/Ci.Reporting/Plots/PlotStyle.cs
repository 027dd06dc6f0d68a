namespace Ci.Reporting;

/// <summary>Lines and marks of revisions: the newest in the accent, the one before in grey, others in colours of the same palette; dashes tell them apart without colour.</summary>
internal static class PlotStyle
{
    public const int Count = 6;

    /// <summary>Light, dark and print each have their own colours of the Okabe–Ito palette.</summary>
    public const string Sheet =
        """
        :root{--c2:#b85a00;--c3:#007a5a;--c4:#a3477a;--c5:#8a6d00}
        @media (prefers-color-scheme:dark){:root{--c2:#ff9f5a;--c3:#3ecf9f;--c4:#e59cc5;--c5:#e8cf4a}}
        @media print{:root{--c2:#b85a00;--c3:#007a5a;--c4:#a3477a;--c5:#8a6d00}}
        .p0{stroke:var(--accent)}.p1{stroke:var(--grey)}.p2{stroke:var(--c2)}.p3{stroke:var(--c3)}.p4{stroke:var(--c4)}.p5{stroke:var(--c5)}
        .p0,.p1,.p2,.p3,.p4,.p5{fill:none;stroke-width:2;stroke-linejoin:round}
        .d1{stroke-dasharray:6 3}.d2{stroke-dasharray:2 2.5}.d3{stroke-dasharray:9 3 2 3}.d4{stroke-dasharray:12 4}.d5{stroke-dasharray:1 3}
        .m0{fill:var(--accent)}.m1{fill:var(--grey)}.m2{fill:var(--c2)}.m3{fill:var(--c3)}.m4{fill:var(--c4)}.m5{fill:var(--c5)}
        .t0{fill:var(--accent);font-weight:600}.t1{fill:var(--muted)}.t2{fill:var(--c2)}.t3{fill:var(--c3)}.t4{fill:var(--c4)}.t5{fill:var(--c5)}
        img.plot{display:block;max-width:100%;height:auto;background:#fff;border:1px solid var(--line);border-radius:6px}
        figcaption{color:var(--muted);font-size:.875rem;margin-top:.4rem;overflow-wrap:anywhere}
        .pictures{display:flex;flex-wrap:wrap;gap:1rem}.pictures figure{flex:1 1 18rem;margin:.4rem 0}

        """;

    public static string Line(int revision, int dash) => dash % Count == 0 ? $"p{revision % Count}" : $"p{revision % Count} d{dash % Count}";

    public static string Mark(int revision) => $"m{revision % Count}";

    public static string Text(int revision) => $"t{revision % Count}";
}
