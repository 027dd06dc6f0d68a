namespace Ci.Releases;

/// <summary>|actual − expected| ≤ absolute + relative · |expected|.</summary>
public sealed record ToleranceValue
{
    public required double Absolute { get; init; }

    public required double Relative { get; init; }
}
