namespace Ci.Forges;

/// <summary>Where a check went.</summary>
/// <param name="Kind">"check-run", or "commit-status" where the token may not write check runs.</param>
/// <param name="Id">The forge's number for it.</param>
/// <param name="Url">Where a person can read it; null where the forge has no page for it.</param>
public sealed record CheckReceipt(string Kind, long Id, Uri? Url);
