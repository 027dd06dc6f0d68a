namespace Ci.Git;

/// <summary>One tag.</summary>
/// <param name="Name">Without <c>refs/tags/</c>.</param>
/// <param name="TargetCommit">What it finally points to.</param>
/// <param name="TagObject">The annotated tag's own id; null if it is lightweight.</param>
/// <param name="Tagger"><c>Name &lt;email&gt;</c>; null if it is lightweight.</param>
/// <param name="TaggedAt">By the tagger's clock; null if it is lightweight.</param>
/// <param name="Message">Of an annotated tag, without the last line break; empty if it is lightweight.</param>
public sealed record GitTag(string Name, string TargetCommit, string? TagObject, string? Tagger, DateTimeOffset? TaggedAt, string Message);
