using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.Onnx.Tests;

/// <summary>Small models, built as the format describes them.</summary>
internal static class TestModels
{
    /// <summary>One node between declared inputs and outputs.</summary>
    public static ModelProto Of(NodeProto node, IEnumerable<ValueInfoProto> inputs, IEnumerable<ValueInfoProto> outputs)
    {
        var graph = new GraphProto { Name = "test" };
        graph.Node.Add(node);
        graph.Input.Add(inputs);
        graph.Output.Add(outputs);
        var model = new ModelProto { IrVersion = 7, ProducerName = "tests", ProducerVersion = "1", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 13 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 1 });
        return model;
    }

    /// <summary>y = x, for any type.</summary>
    public static byte[] Identity(OnnxElementType type, params object[] shape) =>
        Of(Node("Identity", ["x"], ["y"]), [Tensor("x", type, shape)], [Tensor("y", type, shape)]).ToByteArray();

    /// <summary>y = x + w, with the weights stored inside.</summary>
    public static ModelProto AddWeights(params float[] weights)
    {
        var model = Of(Node("Add", ["x", "w"], ["y"]), [Tensor("x", OnnxElementType.Float, "N", weights.Length)], [Tensor("y", OnnxElementType.Float, "N", weights.Length)]);
        var tensor = new TensorProto { Name = "w", DataType = (int)OnnxElementType.Float };
        tensor.Dims.Add(weights.Length);
        tensor.FloatData.Add(weights);
        model.Graph.Initializer.Add(tensor);
        return model;
    }

    /// <summary>y = x·W with a square matrix of zeros: slow on purpose.</summary>
    public static byte[] MatMul(int size)
    {
        var model = Of(Node("MatMul", ["x", "w"], ["y"]), [Tensor("x", OnnxElementType.Float, "N", size)], [Tensor("y", OnnxElementType.Float, "N", size)]);
        var tensor = new TensorProto { Name = "w", DataType = (int)OnnxElementType.Float, RawData = ByteString.CopyFrom(new byte[size * size * 4]) };
        tensor.Dims.Add(new long[] { size, size });
        model.Graph.Initializer.Add(tensor);
        return model.ToByteArray();
    }

    /// <summary>Class scores to one map of class name to score for each row, as converters of scikit-learn models end.</summary>
    public static byte[] ZipMap(params string[] labels)
    {
        var node = Node("ZipMap", ["x"], ["y"]);
        node.Domain = "ai.onnx.ml";
        var names = new AttributeProto { Name = "classlabels_strings", Type = AttributeProto.Types.AttributeType.Strings };
        names.Strings.Add(labels.Select(ByteString.CopyFromUtf8));
        node.Attribute.Add(names);
        var map = new TypeProto.Types.Map { KeyType = (int)OnnxElementType.String, ValueType = Tensor("", OnnxElementType.Float).Type };
        var output = new ValueInfoProto
        {
            Name = "y",
            Type = new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = new TypeProto { MapType = map } } },
        };
        return Of(node, [Tensor("x", OnnxElementType.Float, "N", labels.Length)], [output]).ToByteArray();
    }

    public static NodeProto Node(string op, string[] inputs, string[] outputs)
    {
        var node = new NodeProto { OpType = op };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        return node;
    }

    public static ValueInfoProto Tensor(string name, OnnxElementType type, params object[] shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var d in shape)
            dimensions.Dim.Add(d is string s ? new TensorShapeProto.Types.Dimension { DimParam = s } : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(d, null) });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}
