namespace Ci.Releases;

/// <summary>An input or output of a model: name, datatype of the Open Inference Protocol v2, shape with -1 for a dynamic dimension.</summary>
public sealed record TensorSignature
{
    public required string Name { get; init; }

    /// <summary>"FP32", "INT64", "BYTES", …; see <see cref="Datatypes"/>.</summary>
    public required string Datatype { get; init; }

    public required IReadOnlyList<long> Shape { get; init; }
}
