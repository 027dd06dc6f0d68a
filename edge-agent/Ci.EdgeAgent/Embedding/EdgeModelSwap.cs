namespace Ci.Edge;

/// <summary>Another release answers from here on.</summary>
/// <param name="Release">Its id; null where nothing serves any more.</param>
/// <param name="Version">Its version; null where nothing serves any more.</param>
/// <param name="PreviousRelease">What answered before; null where nothing did.</param>
public sealed record EdgeModelSwap(string? Release, string? Version, string? PreviousRelease);
