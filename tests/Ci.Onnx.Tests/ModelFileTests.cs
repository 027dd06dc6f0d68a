using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.Onnx.Tests;

public sealed class ModelFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("model-file").FullName;

    public void Dispose() => Directory.Delete(this.folder, recursive: true);

    [Fact]
    public void The_facts_of_a_network_are_read()
    {
        var facts = OnnxModelFile.Read(Fixture.Model("breast-mlp-base")).Facts;
        Assert.Equal(7, facts.IrVersion);
        Assert.Equal(13, facts.Opsets["ai.onnx"]);
        Assert.Equal("features: FP32 [-1,30]", facts.Inputs.Single().ToString());
        Assert.Equal(facts.NodeCount, facts.OpTypes.Values.Sum());
        Assert.Empty(facts.ExternalDataPaths);

        // 30-32-16-1: weights and biases of three layers, plus the mean and scale of the 30 features.
        Assert.True(facts.ParameterCount >= (30 * 32) + 32 + (32 * 16) + 16 + 16 + 1, $"{facts.ParameterCount}");
        Assert.InRange(facts.ParameterBytes, facts.ParameterCount * 4, 7250);
    }

    [Fact]
    public void The_facts_of_a_forest_are_read()
    {
        var facts = OnnxModelFile.Read(Fixture.Model("wine-rfc-base")).Facts;
        Assert.Contains("ai.onnx.ml", facts.Opsets.Keys);
        Assert.Contains("ai.onnx.ml:TreeEnsembleClassifier", facts.OpTypes.Keys);
        Assert.Equal(["label", "probabilities"], facts.Outputs.Select(o => o.Name));
        Assert.Equal(OnnxElementType.Int64, facts.Outputs[0].ElementType);
    }

    [Fact]
    public void Facts_agree_with_what_ONNX_Runtime_says()
    {
        foreach (var name in new[] { "breast-mlp-base", "wine-rfc-base", "load-mlp-base.int8" })
        {
            var facts = OnnxModelFile.Read(Fixture.Model(name)).Facts;
            using var session = OnnxSession.Load(Fixture.Runtime, Fixture.Model(name));
            Assert.Equal(session.Inputs.Select(i => i.ToString()), facts.Inputs.Select(i => i.ToString()));
            Assert.Equal(session.Outputs.Select(i => i.ToString()), facts.Outputs.Select(i => i.ToString()));
        }
    }

    [Fact]
    public void Weights_listed_among_the_inputs_are_no_inputs()
    {
        var model = TestModels.AddWeights(1, 2);
        model.Graph.Input.Add(TestModels.Tensor("w", OnnxElementType.Float, 2));
        Assert.Equal(["x"], OnnxModelFile.Of(model).Facts.Inputs.Select(i => i.Name));
    }

    [Fact]
    public void Nodes_inside_branches_are_counted()
    {
        var inner = TestModels.AddWeights(3).Graph;
        var node = TestModels.Node("If", ["c"], ["y"]);
        node.Attribute.Add(new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = inner });
        var facts = OnnxModelFile.Of(TestModels.Of(node, [TestModels.Tensor("c", OnnxElementType.Bool)], [TestModels.Tensor("y", OnnxElementType.Float, 1)])).Facts;
        Assert.Equal(2, facts.NodeCount);
        Assert.Equal(1, facts.OpTypes["Add"]);
        Assert.Equal(1, facts.ParameterCount);
    }

    [Fact]
    public void Metadata_is_written_in_order_and_read_back_by_ONNX_Runtime()
    {
        var path = Path.Combine(this.folder, "m.onnx");
        OnnxModelFile.Of(TestModels.AddWeights(1))
            .WithMetadata(new Dictionary<string, string?> { ["b"] = "2", ["a"] = "1", ["gone"] = "x" })
            .WithMetadata(new Dictionary<string, string?> { ["gone"] = null, ["mlops.features"] = "[\"x\"]" })
            .Save(path);
        var read = OnnxModelFile.Read(path);
        Assert.Equal(["a", "b", "mlops.features"], read.Proto.MetadataProps.Select(p => p.Key));
        using var session = OnnxSession.Load(Fixture.Runtime, path);
        Assert.Equal(read.Facts.Metadata, session.Metadata.ToDictionary());
        Assert.Equal("[\"x\"]", session.Metadata["mlops.features"]);
    }

    [Fact]
    public void Reading_and_saving_again_gives_the_same_bytes()
    {
        var first = Path.Combine(this.folder, "1.onnx");
        var second = Path.Combine(this.folder, "2.onnx");
        OnnxModelFile.Read(Fixture.Model("wine-rfc-base")).Save(first);
        OnnxModelFile.Read(first).Save(second);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.Equal(OnnxModelFile.Read(first).ToBytes(), File.ReadAllBytes(first));
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file_and_nothing_else()
    {
        var path = Path.Combine(this.folder, "taken");
        Directory.CreateDirectory(Path.Combine(path, "inner"));
        var file = OnnxModelFile.Of(TestModels.AddWeights(1));
        Assert.ThrowsAny<Exception>(() => file.Save(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(this.folder));
    }
}
