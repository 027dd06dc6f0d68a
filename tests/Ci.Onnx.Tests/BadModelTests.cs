using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.Onnx.Tests;

public sealed class BadModelTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bad-model").FullName;

    public void Dispose() => Directory.Delete(this.folder, recursive: true);

    [Fact]
    public void A_truncated_model_is_refused()
    {
        var whole = File.ReadAllBytes(Fixture.Model("breast-mlp-base"));
        var graph = OnnxModelFile.Read(whole).Proto.Graph;
        var accepted = 0;
        for (var length = 0; length < whole.Length; length += length < whole.Length - 200 ? 17 : 1)
        {
            try
            {
                // A cut exactly between two trailing fields leaves a valid, whole graph; only a digest can tell.
                Assert.Equal(graph, OnnxModelFile.Read(whole.AsSpan(0, length)).Proto.Graph);
                accepted++;
            }
            catch (OnnxModelException error)
            {
                Assert.Contains("model in memory", error.Message);
            }
        }

        Assert.InRange(accepted, 0, 5);
    }

    [Fact]
    public void A_truncated_file_is_refused_by_name_before_ONNX_Runtime_sees_it()
    {
        var path = this.Write(File.ReadAllBytes(Fixture.Model("wine-rfc-base"))[..5000]);
        var error = Assert.Throws<OnnxModelException>(() => OnnxSession.Load(Fixture.Runtime, path));
        Assert.Contains(path, error.Message);
        Assert.Contains("truncated", error.Message);
    }

    [Fact]
    public void An_empty_or_absent_file_is_refused()
    {
        Assert.Contains("is empty", Assert.Throws<OnnxModelException>(() => OnnxSession.Load(Fixture.Runtime, this.Write([]))).Message);
        Assert.Contains("does not exist", Assert.Throws<OnnxModelException>(() => OnnxModelFile.Read(Path.Combine(this.folder, "none.onnx"))).Message);
        Assert.Contains("cannot be read", Assert.Throws<OnnxModelException>(() => OnnxModelFile.Read(this.folder)).Message);
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            Assert.Throws<OnnxModelException>(() => OnnxSession.Load(Fixture.Runtime, bytes));
        }
    }

    [Fact]
    public void A_damaged_byte_never_ends_in_anything_but_a_refusal_or_a_model()
    {
        var random = new Random(11);
        var whole = File.ReadAllBytes(Fixture.Model("breast-mlp-base"));
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using var session = OnnxSession.Load(Fixture.Runtime, bytes);
            }
            catch (OnnxException)
            {
                refused++;
            }
        }

        Assert.True(refused > 0);
    }

    [Theory]
    [InlineData(new long[] { -1 })]
    [InlineData(new[] { long.MaxValue, 4 })]
    [InlineData(new long[] { 3 })]
    [InlineData(new long[] { 1_000_000_000_000 })]
    public void A_weight_whose_data_does_not_fit_its_shape_is_refused(long[] shape)
    {
        foreach (var raw in new[] { true, false })
        {
            var model = TestModels.AddWeights(1, 2);
            var weight = model.Graph.Initializer[0];
            weight.Dims.Clear();
            weight.Dims.Add(shape);
            if (raw)
            {
                weight.FloatData.Clear();
                weight.RawData = ByteString.CopyFrom(new byte[8]);
            }

            Assert.Contains("'w'", Assert.Throws<OnnxModelException>(() => OnnxSession.Load(Fixture.Runtime, model.ToByteArray())).Message);
        }
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("weights/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\secret")]
    [InlineData("./x")]
    [InlineData("link")]
    [InlineData("linked/secret")]
    public void External_data_outside_the_models_folder_is_refused(string location)
    {
        var inner = Directory.CreateDirectory(Path.Combine(this.folder, "model")).FullName;
        Directory.CreateDirectory(Path.Combine(inner, "weights"));
        File.WriteAllBytes(Path.Combine(this.folder, "secret"), new byte[8]);
        File.CreateSymbolicLink(Path.Combine(inner, "link"), Path.Combine(this.folder, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(inner, "linked"), this.folder);
        var path = Path.Combine(inner, "model.onnx");
        File.WriteAllBytes(path, External(location));
        Assert.Contains("not inside", Assert.Throws<OnnxModelException>(() => OnnxSession.Load(Fixture.Runtime, path)).Message);
        Assert.Throws<OnnxModelException>(() => OnnxModelFile.Read(path));
    }

    [Fact]
    public void External_data_hidden_in_an_attribute_is_refused_too()
    {
        var node = TestModels.Node("Constant", [], ["y"]);
        var tensor = ModelProto.Parser.ParseFrom(External("../secret")).Graph.Initializer[0];
        node.Attribute.Add(new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = tensor });
        var path = this.Write(TestModels.Of(node, [], [TestModels.Tensor("y", OnnxElementType.Float, 2)]).ToByteArray());
        Assert.Contains("not inside", Assert.Throws<OnnxModelException>(() => OnnxSession.Load(Fixture.Runtime, path)).Message);
    }

    [Fact]
    public void External_data_beside_the_model_is_used()
    {
        var path = this.Write(External("weights.bin"));
        Assert.Contains("does not exist", Assert.Throws<OnnxModelException>(() => OnnxModelFile.Read(path)).Message);
        var weights = Path.Combine(this.folder, "weights.bin");
        File.WriteAllBytes(weights, new byte[4]);
        Assert.Contains("has 4 bytes", Assert.Throws<OnnxModelException>(() => OnnxModelFile.Read(path)).Message);
        File.WriteAllBytes(weights, [.. BitConverter.GetBytes(5f), .. BitConverter.GetBytes(6f)]);
        Assert.Equal(["weights.bin"], OnnxModelFile.Read(path).Facts.ExternalDataPaths);
        using var session = OnnxSession.Load(Fixture.Runtime, path);
        Assert.Equal([5f, 6f], session.Run([OnnxValue.Of("x", new float[2], 1, 2)])[0].As<float>().ToArray());
    }

    [Fact]
    public void A_model_in_memory_may_not_have_external_data() =>
        Assert.Contains("has no folder", Assert.Throws<OnnxModelException>(() => OnnxSession.Load(Fixture.Runtime, External("weights.bin"))).Message);

    private static byte[] External(string location)
    {
        var model = TestModels.AddWeights(1, 2);
        var weight = model.Graph.Initializer[0];
        weight.FloatData.Clear();
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        weight.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = "8" });
        return model.ToByteArray();
    }

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(this.folder, "model.onnx");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
