using Ci.Onnx;
using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.EdgeAgent.Tests;

/// <summary>Signed, and all the same not to be loaded: models that reach further or cost more than a model may.</summary>
public sealed class MaliciousModelTests
{
    [Fact]
    public async Task Whatever_a_signed_model_tries_the_device_serves_what_it_has()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using var agent = await world.ServingAsync(",\"trust\":{\"deniedOperators\":[\"Loop\"],\"maxNodes\":1000}");
        var sequence = 1;
        foreach (var (code, model, others) in Cases())
        {
            sequence++;
            await world.PublishAsync(world.SignModel($"{sequence}.0.0", model, others), sequence);
            await agent.UntilAsync(s => s.Refusals.Any(r => r.Version == $"{sequence}.0.0"));
            Assert.Equal((sequence, code), (sequence, agent.Status.Refusals[^1].Code));
            await AttackTests.RefusedAsync(agent, code);
        }

        await world.PublishAsync(world.Sign("99.0.0", "breast-mlp-cont.onnx"), 99);
        await agent.ServesAsync("99.0.0");
    }

    [Fact]
    public void A_small_file_of_empty_nodes_is_refused_before_a_parser_makes_gigabytes_of_it()
    {
        var bomb = Bomb(300_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<UnsafeModelException>(() => ModelInspection.Of(bomb, "bomb.onnx", new ModelBounds()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Every_model_of_the_fixtures_passes_with_the_defaults()
    {
        foreach (var file in Directory.GetFiles(Support.Model(""), "*.onnx"))
        {
            var found = ModelInspection.Of(File.ReadAllBytes(file), file, new ModelBounds());
            Assert.NotEmpty(found.Operators);
            Assert.Contains("ai.onnx", found.Opsets.Keys.Append("ai.onnx"));
        }
    }

    private static IEnumerable<(string Code, byte[] Model, (string Path, byte[] Bytes)[] Others)> Cases()
    {
        yield return ("operator-refused", Change(m => m.Graph.Node[0].Domain = "evil.example"), []);
        yield return ("operator-refused", Change(m => m.Graph.Node.Add(new NodeProto { OpType = "Loop", Output = { "l" } })), []);
        yield return ("external-data", Change(m => Externalize(m, "../../../../etc/passwd")), []);
        yield return ("external-data", Change(m => Externalize(m, "/etc/passwd")), []);
        yield return ("external-data", Change(m => Externalize(m, "weights.bin")), []);
        yield return ("external-data", Change(m => Externalize(m, "weights.bin")), [("weights.bin", [1, 2, 3])]);
        yield return ("model-unsafe", Change(m => m.Graph.Initializer[0].Dims[0] = 1L << 60), []);
        yield return ("model-unsafe", Change(HugeFill), []);
        yield return ("model-unsafe", Change(Nest), []);
        yield return ("model-unsafe", Change(FunctionBomb), []);
        yield return ("model-unsafe", Change(SelfCall), []);
        yield return ("model-unsafe", Bomb(300_000), []);
        yield return ("model-unsafe", "<!DOCTYPE html>"u8.ToArray(), []);
        yield return ("model-unsafe", Change(_ => { })[..^300], []);
        yield return ("custom-operators", Change(_ => { }), [("ops/libcustom.so", "anything"u8.ToArray())]);
        yield return ("custom-operators", Change(_ => { }), [("notes.txt", "\x7FELF\u0002\u0001"u8.ToArray())]);
        yield return ("opset-range", Change(m => m.OpsetImport[0].Version = 5), []);
    }

    private static byte[] Change(Action<ModelProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Support.Model("breast-mlp-base.onnx")));
        change(model);
        return model.ToByteArray();
    }

    private static void Externalize(ModelProto model, string location)
    {
        var tensor = model.Graph.Initializer[0];
        tensor.ClearRawData();
        tensor.FloatData.Clear();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
    }

    private static void HugeFill(ModelProto model)
    {
        model.Graph.Initializer.Add(new TensorProto { Name = "huge", DataType = (int)OnnxElementType.Int64, Dims = { 3 }, Int64Data = { 100_000, 100_000, 100_000 } });
        model.Graph.Node.Add(new NodeProto { OpType = "ConstantOfShape", Input = { "huge" }, Output = { "filled" } });
    }

    private static void Nest(ModelProto model)
    {
        var inner = new GraphProto { Name = "g" };
        for (var i = 0; i < 20; i++)
            inner = new GraphProto { Name = "g", Node = { new NodeProto { OpType = "If", Attribute = { new AttributeProto { Name = "then_branch", G = inner } } } } };
        model.Graph.Node.Add(inner.Node[0]);
    }

    // Six functions of ten calls each: a few hundred bytes, a million nodes.
    private static void FunctionBomb(ModelProto model)
    {
        for (var level = 0; level < 6; level++)
        {
            var function = new FunctionProto { Name = $"f{level}", Domain = "local" };
            for (var i = 0; i < 10; i++)
                function.Node.Add(level == 0 ? new NodeProto { OpType = "Relu", Input = { "x" }, Output = { $"y{i}" } } : new NodeProto { OpType = $"f{level - 1}", Domain = "local" });
            model.Functions.Add(function);
        }

        model.Graph.Node.Add(new NodeProto { OpType = "f5", Domain = "local", Output = { "boom" } });
    }

    private static void SelfCall(ModelProto model)
    {
        model.Functions.Add(new FunctionProto { Name = "f", Domain = "local", Node = { new NodeProto { OpType = "f", Domain = "local" } } });
        model.Graph.Node.Add(new NodeProto { OpType = "f", Domain = "local", Output = { "boom" } });
    }

    // ModelProto.graph (7) of empty GraphProto.node (1): two bytes each.
    private static byte[] Bomb(int nodes)
    {
        var graph = new byte[2 * nodes];
        for (var i = 0; i < nodes; i++)
            graph[2 * i] = (1 << 3) | 2;
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(7, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(graph));
        }

        return bytes.ToArray();
    }
}
