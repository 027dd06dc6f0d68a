namespace Ci.Promotion;

/// <summary>What an environment ran at some moment.</summary>
/// <param name="Entry">How it came there, and who approved it.</param>
/// <param name="Until">When something else took its place; null while nothing did.</param>
public sealed record RanThen(AuditEntry Entry, DateTimeOffset? Until);
