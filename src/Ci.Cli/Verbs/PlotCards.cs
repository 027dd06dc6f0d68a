using System.Globalization;
using Ci.Pipelines.Plots;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary>The plots of a pipeline as what Reporting draws.</summary>
internal static class PlotCards
{
    private static readonly Dictionary<string, string> MediaTypes = new(StringComparer.Ordinal)
    {
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".svg"] = "image/svg+xml", [".webp"] = "image/webp", [".bmp"] = "image/bmp",
    };

    public static PlotCard Of(PlotData plot)
    {
        var kind = plot.Template switch
        {
            "confusion" => PlotKind.Confusion,
            "confusion_normalized" => PlotKind.ConfusionShares,
            "scatter" => PlotKind.Scatter,
            "scatter_jitter" => PlotKind.Jitter,
            "bar_horizontal" or "bar_horizontal_sorted" => PlotKind.Bars,
            "smooth" => PlotKind.Smooth,
            _ => PlotKind.Lines,
        };
        var curves = plot.Points.GroupBy(p => ((string)p["rev"]!, Line: plot.LineKey is { } key ? p.GetValueOrDefault(key) as string : null))
            .Select(g => new PlotCurve(Name(plot, g.Key.Item1, g.Key.Line), plot.Revisions.ToList().IndexOf(g.Key.Item1), [.. g.Select(p => (Text(p.GetValueOrDefault(plot.X)), Text(p.GetValueOrDefault(plot.Y))))])).ToList();
        if (plot.Template == "bar_horizontal_sorted")
            curves = [.. curves.Select(c => c with { Points = [.. c.Points.OrderByDescending(p => double.TryParse(p.X, CultureInfo.InvariantCulture, out var value) ? value : double.NegativeInfinity)] })];
        return new PlotCard(plot.Id, plot.Title, kind, plot.XLabel, plot.YLabel, curves);
    }

    public static PlotPicture Of(PlotImage picture) => new(picture.Id, picture.Revision, MediaTypes[Path.GetExtension(picture.Id).ToLowerInvariant()], picture.Bytes);

    private static string Name(PlotData plot, string revision, string? line) => line is null ? revision : plot.Revisions.Count > 1 ? $"{line} ({revision})" : line;

    private static string Text(object? value) => value switch { null => "", string text => text, _ => ValueTable.Cell(value) };
}
