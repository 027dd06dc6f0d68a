using Ci.Onnx.Proto;

namespace Ci.Onnx;

/// <summary>Sums up a checked model.</summary>
internal static class ModelFactsReader
{
    public static OnnxModelFacts Read(ModelProto model, string name, IReadOnlyList<string> externalDataPaths)
    {
        var graph = model.Graph;
        var initializers = ModelTensors.Initializers(model).ToList();
        var stored = graph.Initializer.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var nodes = ModelTensors.Nodes(model).ToList();
        return new OnnxModelFacts
        {
            IrVersion = model.IrVersion,
            Opsets = Sorted(model.OpsetImport.GroupBy(o => Domain(o.Domain)), g => g.Max(o => o.Version)),
            Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            GraphName = graph.Name,
            Domain = model.Domain,
            Description = model.DocString,
            ModelVersion = model.ModelVersion,
            Inputs = [.. graph.Input.Where(i => !stored.Contains(i.Name)).Select(Info)],
            Outputs = [.. graph.Output.Select(Info)],
            Metadata = Sorted(model.MetadataProps.GroupBy(p => p.Key), g => g.Last().Value),
            NodeCount = nodes.Count,
            OpTypes = Sorted(nodes.GroupBy(OpType), g => g.Count()),
            ParameterCount = initializers.Sum(t => ModelCheck.ElementCount(t, name)),
            ParameterBytes = initializers.Sum(t => Bytes(t, name)),
            ExternalDataPaths = externalDataPaths,
        };
    }

    private static string Domain(string domain) => domain.Length == 0 ? "ai.onnx" : domain;

    private static string OpType(NodeProto node) => node.Domain is "" or "ai.onnx" ? node.OpType : $"{node.Domain}:{node.OpType}";

    private static SortedDictionary<string, TValue> Sorted<T, TValue>(
        IEnumerable<IGrouping<string, T>> groups, Func<IGrouping<string, T>, TValue> value) =>
        new(groups.ToDictionary(g => g.Key, value, StringComparer.Ordinal), StringComparer.Ordinal);

    private static long Bytes(TensorProto tensor, string name)
    {
        var size = ((OnnxElementType)tensor.DataType).SizeOf();
        return size > 0 ? checked(ModelCheck.ElementCount(tensor, name) * size)
            : tensor.HasRawData ? tensor.RawData.Length
            : tensor.StringData.Sum(s => (long)s.Length);
    }

    private static TensorInfo Info(ValueInfoProto value)
    {
        var kind = value.Type?.ValueCase switch
        {
            TypeProto.ValueOneofCase.TensorType => OnnxValueKind.Tensor,
            TypeProto.ValueOneofCase.SequenceType => OnnxValueKind.Sequence,
            TypeProto.ValueOneofCase.MapType => OnnxValueKind.Map,
            TypeProto.ValueOneofCase.OptionalType => OnnxValueKind.Optional,
            TypeProto.ValueOneofCase.SparseTensorType => OnnxValueKind.SparseTensor,
            TypeProto.ValueOneofCase.OpaqueType => OnnxValueKind.Opaque,
            _ => OnnxValueKind.Unknown,
        };
        if (kind != OnnxValueKind.Tensor)
            return new TensorInfo(value.Name, OnnxElementType.Undefined, [], kind, []);
        var tensor = value.Type!.TensorType;
        var dimensions = tensor.Shape?.Dim.ToList() ?? [];
        return new TensorInfo(
            value.Name,
            (OnnxElementType)tensor.ElemType,
            [.. dimensions.Select(d => d.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? d.DimValue : -1)],
            OnnxValueKind.Tensor,
            [.. dimensions.Select(d => d.DimParam)]);
    }
}
