namespace Ci.Reporting;

/// <summary>How a plot's points are drawn.</summary>
public enum PlotKind
{
    /// <summary>Lines through the points.</summary>
    Lines,

    /// <summary>The points alone.</summary>
    Scatter,

    /// <summary>A bar per name.</summary>
    Bars,

    /// <summary>Which class was taken for which.</summary>
    Confusion,
}
