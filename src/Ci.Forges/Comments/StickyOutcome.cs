namespace Ci.Forges;

/// <summary>What became of a sticky comment, and where it can be read.</summary>
public sealed record StickyOutcome(StickyAction Action, Uri Url, long Id);
