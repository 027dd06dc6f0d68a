using System.Text.Json;
using System.Text.Json.Serialization;
using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.Training.Export;

/// <summary>An ONNX file in the making, with the input, outputs and metadata that every model of this room has.</summary>
internal sealed class OnnxGraph
{
    public const string Input = "features";
    public const string Prediction = "prediction";
    public const string Label = "label";
    public const string Probabilities = "probabilities";

    private const string TreeDomain = "ai.onnx.ml";

    private readonly GraphProto graph = new() { Name = "model" };
    private readonly ModelProto model;
    private readonly TrainedModel trained;

    public OnnxGraph(TrainedModel trained)
    {
        this.trained = trained;
        this.model = new ModelProto { IrVersion = 8, ProducerName = "mlops", Graph = this.graph };
        this.model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        this.graph.Input.Add(Value(Input, TensorProto.Types.DataType.Float, trained.Features.Count));
        if (trained.Classes.Count == 0)
        {
            this.graph.Output.Add(Value(Prediction, TensorProto.Types.DataType.Float, 1));
        }
        else
        {
            this.graph.Output.Add(Value(Label, TensorProto.Types.DataType.Int64));
            this.graph.Output.Add(Value(Probabilities, TensorProto.Types.DataType.Float, trained.Classes.Count));
        }

        this.Metadata("mlops.features", Json(trained.Features));
        this.Metadata("mlops.target", trained.Target);
        this.Metadata("mlops.task", trained.Task);
        this.Metadata("mlops.trainer", trained.Trainer);
        if (trained.Classes.Count > 0)
            this.Metadata("mlops.classes", $"[{string.Join(',', trained.Classes)}]");
    }

    public string Constant(string name, float[] values, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float };
        tensor.Dims.AddRange(shape);
        tensor.RawData = ByteString.CopyFrom(LittleEndian.Of(values));
        this.graph.Initializer.Add(tensor);
        return name;
    }

    public string Constant(string name, IEnumerable<long> values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Int64Data.AddRange(values);
        tensor.Dims.Add(tensor.Int64Data.Count);
        this.graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Adds a node with one output and returns the output's name.</summary>
    public string Node(string operation, string output, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = $"{output}_{operation}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        this.graph.Node.Add(node);
        return output;
    }

    /// <summary>As <see cref="Node"/>, for an operator of ai.onnx.ml.</summary>
    public string TreeNode(string operation, string output, string input, params AttributeProto[] attributes)
    {
        if (this.model.OpsetImport.Count == 1)
            this.model.OpsetImport.Add(new OperatorSetIdProto { Domain = TreeDomain, Version = 3 });
        this.Node(operation, output, [input], attributes);
        this.graph.Node[^1].Domain = TreeDomain;
        return output;
    }

    /// <summary>From scores <c>[batch, k]</c> (or the log-odds of the second of two classes, <c>[batch, 1]</c>) to label and probabilities.</summary>
    public void Classify(string scores, bool logOdds)
    {
        if (logOdds)
        {
            var second = this.Node("Sigmoid", "second", [scores]);
            var first = this.Node("Sigmoid", "first", [this.Node("Neg", "opposite", [scores])]);
            this.Node("Concat", Probabilities, [first, second], OnnxAttribute.Of("axis", 1));
        }
        else
        {
            this.Node("Softmax", Probabilities, [scores], OnnxAttribute.Of("axis", 1));
        }

        var classes = this.Constant("classes", this.trained.Classes);
        var best = this.Node("ArgMax", "best", [Probabilities], OnnxAttribute.Of("axis", 1), OnnxAttribute.Of("keepdims", 0));
        this.Node("Gather", Label, [classes, best], OnnxAttribute.Of("axis", 0));
    }

    public byte[] ToBytes() => this.model.ToByteArray();

    private void Metadata(string key, string value) => this.model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });

    private static string Json(IReadOnlyList<string> names) => JsonSerializer.Serialize([.. names], ExportJson.Default.StringArray);

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, int? width = null)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        if (width is { } columns)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = columns });
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class ExportJson : JsonSerializerContext;
