using Ci.Data;

namespace Ci.Pipelines.Upstream;

/// <summary>A file or folder of another repository, with all that lies in it.</summary>
/// <param name="Path">From the repository's root.</param>
/// <param name="IsFolder">It is a folder.</param>
/// <param name="Files">What lies in it, or it alone.</param>
public sealed record UpstreamItem(string Path, bool IsFolder, IReadOnlyList<UpstreamFile> Files)
{
    /// <summary>It is exactly one thing that the repository tracks as data: its digest there.</summary>
    public Digest? Tracked { get; init; }
}
