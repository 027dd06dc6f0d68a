namespace Ci.Releases;

/// <summary>Which artifact is the golden set, and how near each output must come.</summary>
public sealed record GoldenReference
{
    /// <summary>The path of the artifact with the role <c>golden</c>.</summary>
    public required string Path { get; init; }

    public required IReadOnlyList<GoldenTolerance> Outputs { get; init; }
}
