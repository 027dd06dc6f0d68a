using System.Text.Json;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.Serving.Grpc;
using Ci.EdgeAgent.Serving.Grpc.Messages;
using Ci.Onnx;
using Google.Protobuf;

namespace Ci.EdgeAgent.Tests.Serving;

public sealed class GrpcCodecTests
{
    [Theory]
    [InlineData(OnnxElementType.Bool)]
    [InlineData(OnnxElementType.Int8)]
    [InlineData(OnnxElementType.Int16)]
    [InlineData(OnnxElementType.Int32)]
    [InlineData(OnnxElementType.Int64)]
    [InlineData(OnnxElementType.UInt8)]
    [InlineData(OnnxElementType.UInt16)]
    [InlineData(OnnxElementType.UInt32)]
    [InlineData(OnnxElementType.UInt64)]
    [InlineData(OnnxElementType.Float)]
    [InlineData(OnnxElementType.Double)]
    [InlineData(OnnxElementType.String)]
    public void Every_datatype_with_a_typed_form_goes_in_and_comes_out(OnnxElementType type)
    {
        var contents = new InferTensorContents();
        contents.BoolContents.AddRange([true, false]);
        contents.IntContents.AddRange([-1, 100]);
        contents.Int64Contents.AddRange([long.MinValue, 1]);
        contents.UintContents.AddRange([0u, 200]);
        contents.Uint64Contents.AddRange([ulong.MaxValue, 1]);
        contents.Fp32Contents.AddRange([1.5f, float.NaN]);
        contents.Fp64Contents.AddRange([1e300, -2]);
        contents.BytesContents.AddRange([ByteString.CopyFromUtf8("ä"), ByteString.Empty]);
        using var call = new InferenceCall([new TensorInfo("x", type, [-1])], []);
        call.Reset();
        var written = TypedContents.Of(TypedContents.Read(contents, call, 0, [2]));
        var text = written.ToString();
        Assert.Equal(1, new[] { written.BoolContents.Count, written.IntContents.Count, written.Int64Contents.Count, written.UintContents.Count, written.Uint64Contents.Count, written.Fp32Contents.Count, written.Fp64Contents.Count, written.BytesContents.Count }.Count(c => c == 2));
        var whole = JsonDocument.Parse(contents.ToString()).RootElement;
        foreach (var member in JsonDocument.Parse(text).RootElement.EnumerateObject())
            Assert.Equal(whole.GetProperty(member.Name).GetRawText(), member.Value.GetRawText());
    }

    [Fact]
    public void A_number_that_its_type_cannot_hold_is_refused()
    {
        using var call = new InferenceCall([new TensorInfo("x", OnnxElementType.Int8, [-1])], []);
        call.Reset();
        var contents = new InferTensorContents { IntContents = { 128 } };
        Assert.Contains("128 is not a INT8", Assert.Throws<InvalidRequestException>(() => TypedContents.Read(contents, call, 0, [1])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1S", 1000)]
    [InlineData("250m", 250)]
    [InlineData("99999999H", 86_400_000)]
    [InlineData("1000u", 1)]
    public void The_callers_deadline_is_read_in_every_unit(string header, double milliseconds) => Assert.Equal(milliseconds, GrpcTimeout.Parse(header)!.Value.TotalMilliseconds);

    [Theory]
    [InlineData("S")]
    [InlineData("1x")]
    [InlineData("-1S")]
    [InlineData("123456789S")]
    public void A_deadline_that_is_none_is_refused(string header) => Assert.Throws<GrpcException>(() => GrpcTimeout.Parse(header));
}
