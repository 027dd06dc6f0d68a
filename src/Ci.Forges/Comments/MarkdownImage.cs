namespace Ci.Forges;

/// <summary>Where the target of an image stands in Markdown (UTF-16 code units), and what it says.</summary>
public readonly record struct MarkdownImage(int Start, int Length, string Target);
