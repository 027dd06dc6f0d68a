namespace Ci.Evaluation;

/// <summary>One side of a comparison.</summary>
public sealed record ComparedModel
{
    public required string Name { get; init; }

    /// <summary>SHA-256 of the model's file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>SHA-256 of the evaluation document that was read.</summary>
    public required string EvaluationSha256 { get; init; }

    /// <summary>What sentences call it: "live v1".</summary>
    public string? Label { get; init; }
}
