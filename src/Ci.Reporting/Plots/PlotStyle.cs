namespace Ci.Reporting;

/// <summary>Lines and marks of revisions (their rules are in <see cref="Drawing.FigureStyle"/>): the newest in the accent, the one before in grey, others in colours of the same palette; dashes tell them apart without colour.</summary>
internal static class PlotStyle
{
    public const int Count = 6;

    /// <summary>What the page needs besides the figures' own sheet.</summary>
    public const string Sheet =
        """
        img.plot{display:block;max-width:100%;height:auto;background:#fff;border:1px solid var(--line);border-radius:6px}
        figcaption{color:var(--muted);font-size:.875rem;margin-top:.4rem;overflow-wrap:anywhere}
        .pictures{display:flex;flex-wrap:wrap;gap:1rem}.pictures figure{flex:1 1 18rem;margin:.4rem 0}

        """;

    public static string Line(int revision, int dash) => dash % Count == 0 ? $"p{revision % Count}" : $"p{revision % Count} d{dash % Count}";

    public static string Mark(int revision) => $"m{revision % Count}";

    public static string Text(int revision) => $"t{revision % Count}";
}
