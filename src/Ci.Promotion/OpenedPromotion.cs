using Ci.Releases;

namespace Ci.Promotion;

/// <summary>A promotion that waits for its merge.</summary>
/// <param name="Number">The pull request.</param>
/// <param name="Url">Where a person can read it.</param>
/// <param name="Branch">Where it comes from.</param>
/// <param name="HeadSha">The prepared commit.</param>
/// <param name="Release">What it promotes.</param>
/// <param name="Version">Its version.</param>
/// <param name="Superseded">Older pull requests that were closed for it.</param>
public sealed record OpenedPromotion(
    int Number, Uri Url, string Branch, string HeadSha, Sha256Digest Release, string Version, IReadOnlyList<int> Superseded);
