using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ci.Reporting;

/// <summary>How a plot's points are drawn.</summary>
[JsonConverter(typeof(PlotKindConverter))]
public enum PlotKind
{
    /// <summary>Lines through the points.</summary>
    Lines,

    /// <summary>The points alone.</summary>
    Scatter,

    /// <summary>Lines through the points, and a smoothed one over them.</summary>
    Smooth,

    /// <summary>The points alone, those upon each other moved apart a little.</summary>
    Jitter,

    /// <summary>A bar per name.</summary>
    Bars,

    /// <summary>Which class was taken for which.</summary>
    Confusion,

    /// <summary>As <see cref="Confusion"/>, in shares of the true class.</summary>
    ConfusionShares,
}

/// <summary>Kinds by their words, never by number.</summary>
internal sealed class PlotKindConverter() : JsonStringEnumConverter<PlotKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
