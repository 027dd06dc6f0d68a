namespace Ci.Releases;

/// <summary>The inputs of a golden set: the body of a <c>POST /v2/models/NAME/infer</c>.</summary>
public sealed record GoldenRequest
{
    public required IReadOnlyList<GoldenTensor> Inputs { get; init; }
}
