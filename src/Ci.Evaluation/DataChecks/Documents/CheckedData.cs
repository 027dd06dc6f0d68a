namespace Ci.Evaluation;

/// <summary>A table that was read.</summary>
public sealed record CheckedData
{
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file's bytes as they lie there (compressed, if it is).</summary>
    public required string Sha256 { get; init; }

    public required long Rows { get; init; }

    public required int Columns { get; init; }
}
