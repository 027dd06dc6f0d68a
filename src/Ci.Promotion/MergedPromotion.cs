namespace Ci.Promotion;

/// <summary>A prepared commit that reached its environment's branch, and the commit that brought it there.</summary>
public sealed record MergedPromotion(PreparedCommit Prepared, string MergeCommit);
