using Ci.Onnx;
using Ci.Onnx.Proto;
using Ci.Releases;
using Google.Protobuf;

namespace Ci.EdgeAgent.Tests;

/// <summary>What the table says of a runtime, and what the runtime that is shipped says of itself.</summary>
public sealed class OpsetSupportTests
{
    [Fact]
    public void The_runtime_that_is_shipped_loads_the_newest_set_of_the_table_and_refuses_the_next()
    {
        var newest = OpsetSupport.NewestOf(Support.Runtime.Version);
        Assert.NotNull(newest);
        OnnxSession.Load(Support.Runtime, Model(newest.Value)).Dispose();
        OnnxSession.Load(Support.Runtime, Model(OpsetSupport.Oldest)).Dispose();
        var refused = Assert.ThrowsAny<OnnxException>(() => OnnxSession.Load(Support.Runtime, Model(newest.Value + 1)).Dispose());
        Assert.Contains($"Opset {newest + 1} is under development", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>From 1.21 on each was tried with the library of that release.</summary>
    [Theory]
    [InlineData("1.0.0", 11L)]
    [InlineData("1.8.1", 14L)]
    [InlineData("1.10.0", 15L)]
    [InlineData("1.16.3", 19L)]
    [InlineData("1.20.1", 21L)]
    [InlineData("1.21.1", 22L)]
    [InlineData("1.22.0", 22L)]
    [InlineData("1.23.2", 23L)]
    [InlineData("1.24.3", 25L)]
    [InlineData("1.25.1", 26L)]
    [InlineData("1.30.0", 26L)]
    [InlineData("1.31.0", null)]
    [InlineData("2.0.0", null)]
    [InlineData("nightly", null)]
    public void A_runtime_is_judged_by_its_row_and_a_newer_one_not_at_all(string version, long? newest) => Assert.Equal(newest, OpsetSupport.NewestOf(version));

    // One Identity, which every set has.
    private static byte[] Model(long opset)
    {
        static ValueInfoProto Value(string name) => new()
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxElementType.Float, Shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = 1 } } } } },
        };
        return new ModelProto
        {
            IrVersion = 7,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = opset } },
            Graph = new GraphProto { Name = "g", Node = { new NodeProto { OpType = "Identity", Input = { "x" }, Output = { "y" } } }, Input = { Value("x") }, Output = { Value("y") } },
        }.ToByteArray();
    }
}
