namespace Ci.Releases;

/// <summary>The outputs that the model gave where it was released.</summary>
public sealed record GoldenResponse
{
    public required IReadOnlyList<GoldenTensor> Outputs { get; init; }
}
