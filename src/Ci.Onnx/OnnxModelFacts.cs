namespace Ci.Onnx;

/// <summary>What an ONNX file states, without running it.</summary>
public sealed record OnnxModelFacts
{
    /// <summary>The version of the file format.</summary>
    public required long IrVersion { get; init; }

    /// <summary>The operator sets it imports: domain to version; the default domain is written <c>ai.onnx</c>.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>Name and version of the tool that wrote it, parted by a space; "" where it says nothing.</summary>
    public required string Producer { get; init; }

    public required string GraphName { get; init; }

    public required string Domain { get; init; }

    public required string Description { get; init; }

    /// <summary>The model's own version number; 0 where it has none.</summary>
    public required long ModelVersion { get; init; }

    /// <summary>The declared inputs, in order, without those that are initializers.</summary>
    public required IReadOnlyList<TensorInfo> Inputs { get; init; }

    public required IReadOnlyList<TensorInfo> Outputs { get; init; }

    /// <summary>Its <c>metadata_props</c>.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Nodes of all graphs and local functions.</summary>
    public required int NodeCount { get; init; }

    /// <summary>How many nodes of each operator; operators of other domains than <c>ai.onnx</c> are written <c>domain:name</c>.</summary>
    public required IReadOnlyDictionary<string, int> OpTypes { get; init; }

    /// <summary>Numbers in initializers, wherever they lie; trees and other models that live in attributes have none.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Bytes of those numbers when unpacked; texts and types smaller than a byte count as stored.</summary>
    public required long ParameterBytes { get; init; }

    /// <summary>Files beside the model that hold weights, relative to its folder; all of them inside it.</summary>
    public required IReadOnlyList<string> ExternalDataPaths { get; init; }
}
