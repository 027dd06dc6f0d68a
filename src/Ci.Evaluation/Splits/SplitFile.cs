namespace Ci.Evaluation;

/// <summary>A table that was parted, or one part of it.</summary>
public sealed record SplitFile
{
    /// <summary>The part's name; null of the whole.</summary>
    public string? Name { get; init; }

    /// <summary>A part's path is relative to this document.</summary>
    public required string Path { get; init; }

    /// <summary>The share of rows that was wanted, and the one that came out.</summary>
    public double? Wanted { get; init; }

    public double? Share { get; init; }

    public required long Rows { get; init; }

    /// <summary>Of the file's bytes as they lie there (compressed, if it is).</summary>
    public required string Sha256 { get; init; }

    /// <summary>The same by MD5, as DVC names content.</summary>
    public required string Md5 { get; init; }

    /// <summary>The first and the last time of a chronological split's part.</summary>
    public string? From { get; init; }

    public string? To { get; init; }

    /// <summary>Rows of each class, of a stratified split's part.</summary>
    public IReadOnlyDictionary<string, long>? Classes { get; init; }
}
