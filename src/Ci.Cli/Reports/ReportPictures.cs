using System.Text;
using Ci.Forges;
using Ci.Reporting;

namespace Ci.Cli.Reports;

/// <summary>How the figures of a comment are shown: as published pictures where the forge takes them, else as Mermaid, else not.</summary>
internal static class ReportPictures
{
    public static async Task<(MarkdownOptions Options, Surface Surface)> PublishAsync(PostRequest request, IForge? forge, CancellationToken ct)
    {
        var mermaid = new MarkdownOptions { Mermaid = request.Pictures is "auto" or "mermaid" };
        if (request.Pictures is "none" or "mermaid")
            return (mermaid, Surface.Skip("pictures", $"--pictures {request.Pictures}"));
        var wanted = MarkdownReport.FiguresOf(request.Report);
        if (wanted.Count == 0)
            return (mermaid, Surface.Skip("pictures", "the report has no figures"));
        if (forge?.Assets is not { } assets || request.Target is null)
            return (mermaid, Surface.Skip("pictures", forge is null || request.Target is null ? "no pull request to keep them for" : $"{forge.Description} keeps no pictures"));
        try
        {
            var files = wanted.Select(figure => new Asset(figure.Name + ".svg", Encoding.UTF8.GetBytes(figure.Svg), "image/svg+xml")).ToList();
            var addresses = await assets.PublishAsync(AssetScope.Of(request.Target), files, ct);
            var images = addresses.ToDictionary(address => Path.GetFileNameWithoutExtension(address.Key), address => address.Value.AbsoluteUri, StringComparer.Ordinal);
            return (mermaid with { Images = images }, new Surface("pictures", SurfaceState.Posted, $"{images.Count} of {files.Count}"));
        }
        catch (ForgeException error)
        {
            return (mermaid, Surface.Of("pictures", error));
        }
    }
}
