namespace Ci.Onnx;

/// <summary>What a model that somebody else made may cost before anything runs it.</summary>
public sealed record ModelBounds
{
    /// <summary>Nodes of all graphs and functions, each function counted as often as it is called.</summary>
    public long Nodes { get; init; } = 200_000;

    /// <summary>Graphs within graphs: the bodies of loops and branches.</summary>
    public int Depth { get; init; } = 16;

    /// <summary>Fields of all messages together: what a parser must make objects of, however small the file is.</summary>
    public long Fields { get; init; } = 4_000_000;

    /// <summary>The largest single tensor that the file stores, or whose shape it spells out, in bytes.</summary>
    public long TensorBytes { get; init; } = 1L << 31;
}
