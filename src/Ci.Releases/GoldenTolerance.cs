namespace Ci.Releases;

/// <summary>A value passes when |actual − expected| ≤ absolute + relative · |expected|. Integers and texts must be equal.</summary>
public sealed record GoldenTolerance
{
    public required string Name { get; init; }

    public required double AbsoluteTolerance { get; init; }

    public required double RelativeTolerance { get; init; }
}
