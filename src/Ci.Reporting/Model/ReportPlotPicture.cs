namespace Ci.Reporting;

/// <summary>A raster picture that the pipeline made, of one revision. Vector pictures are left out: they can hold more than a picture.</summary>
public sealed record ReportPlotPicture
{
    /// <summary>Bytes that all pictures of a report may have together.</summary>
    public const int MostBytes = 1_500_000;

    public required string Revision { get; init; }

    /// <summary><c>image/png</c>, <c>image/jpeg</c>, <c>image/gif</c> or <c>image/webp</c>.</summary>
    public required string MediaType { get; init; }

    public int Width { get; init; }

    public int Height { get; init; }

    public required byte[] Data { get; init; }
}
