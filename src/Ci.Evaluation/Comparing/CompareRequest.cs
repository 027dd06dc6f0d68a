namespace Ci.Evaluation;

/// <summary>What to compare. Paths are as the user gave them, relative to <see cref="Folder"/>.</summary>
public sealed record CompareRequest
{
    /// <summary>The folder that relative paths start from.</summary>
    public required string Folder { get; init; }

    /// <summary>The candidate's evaluation; its predictions are found from there.</summary>
    public required string CandidatePath { get; init; }

    /// <summary>The baseline's evaluation; null, or a file that does not exist, means that nothing is live yet.</summary>
    public string? BaselinePath { get; init; }

    /// <summary>What sentences call the baseline: "live v1".</summary>
    public string? BaselineLabel { get; init; }

    public required GateFile Gates { get; init; }

    /// <summary>Where <c>verdict.json</c> goes; null writes none.</summary>
    public string? OutPath { get; init; }
}
