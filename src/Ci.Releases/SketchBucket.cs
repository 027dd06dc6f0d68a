namespace Ci.Releases;

/// <summary>How many values fell into one bucket of a <see cref="SketchRecord"/>.</summary>
public sealed record SketchBucket
{
    public required int Index { get; init; }

    public required long Count { get; init; }
}
