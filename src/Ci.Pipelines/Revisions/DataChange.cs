namespace Ci.Pipelines.Revisions;

/// <summary>One file or folder (then its path ends in '/') of data that differs between two views.</summary>
/// <param name="Kind">How.</param>
/// <param name="Path">Where it is, or was.</param>
/// <param name="Old">Its digest before; null when it was not there.</param>
/// <param name="New">Its digest after; null when it is not there any more.</param>
/// <param name="NewPath">Where it went, when it was renamed.</param>
public sealed record DataChange(DataChangeKind Kind, string Path, string? Old, string? New, string? NewPath = null);
