namespace Ci.Evaluation;

/// <summary>What to check and where to write. Paths are as the user gave them, relative to <see cref="Folder"/>.</summary>
public sealed record DataCheckRequest
{
    /// <summary>The folder that relative paths start from.</summary>
    public required string Folder { get; init; }

    /// <summary>The table: CSV, or CSV under gzip.</summary>
    public required string DataPath { get; init; }

    /// <summary>The schema file; null checks drift alone, with types found in the reference.</summary>
    public string? SchemaPath { get; init; }

    /// <summary>The table that drift is measured against; null measures none.</summary>
    public string? ReferencePath { get; init; }
}
