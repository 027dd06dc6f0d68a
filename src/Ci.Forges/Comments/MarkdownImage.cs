namespace Ci.Forges;

/// <summary>Where the target of an image stands in Markdown (UTF-16 code units), and what it says.</summary>
/// <param name="Start">Where the target begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Target">The target as written.</param>
/// <param name="Bang">Where the '!' of <c>![alt](target)</c> stands; -1 for a tag of HTML.</param>
/// <param name="HasText">Whether it has an alternative text.</param>
public readonly record struct MarkdownImage(int Start, int Length, string Target, int Bang, bool HasText);
