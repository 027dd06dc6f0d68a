using System.Buffers;
using System.Text;
using System.Text.Json;
using Ci.EdgeAgent.Serving;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests;

public sealed class CodecTests
{
    private static readonly TensorInfo Answer = new("y", OnnxElementType.Float, [-1]);

    [Theory]
    [InlineData(OnnxElementType.Float, "1.5,-2,3e2")]
    [InlineData(OnnxElementType.Double, "1.5,-2,1E+300")]
    [InlineData(OnnxElementType.Float16, "1.5,-2,0.25")]
    [InlineData(OnnxElementType.BFloat16, "1.5,-2,0.25")]
    [InlineData(OnnxElementType.Int8, "-128,0,127")]
    [InlineData(OnnxElementType.Int16, "-32768,0,32767")]
    [InlineData(OnnxElementType.Int32, "-2147483648,0,2147483647")]
    [InlineData(OnnxElementType.Int64, "-9223372036854775808,0,9223372036854775807")]
    [InlineData(OnnxElementType.UInt8, "0,1,255")]
    [InlineData(OnnxElementType.UInt16, "0,1,65535")]
    [InlineData(OnnxElementType.UInt32, "0,1,4294967295")]
    [InlineData(OnnxElementType.UInt64, "0,1,18446744073709551615")]
    [InlineData(OnnxElementType.Bool, "true,false,true")]
    [InlineData(OnnxElementType.String, "\"a\",\"\",\"c\"")]
    public void Every_datatype_goes_in_and_comes_out_as_it_was(OnnxElementType type, string data)
    {
        var call = Read(type, $$"""{"inputs":[{"name":"x","datatype":"{{type.ToDatatype()}}","shape":[3],"data":[{{data}}]}]}""");
        InferenceResponseWriter.Write("m", "1", call, [call.Values[0]!]);
        var text = Encoding.UTF8.GetString(call.Response.Span);
        using var answer = JsonDocument.Parse(text);
        var output = answer.RootElement.GetProperty("outputs")[0];
        Assert.Equal(type.ToDatatype(), output.GetProperty("datatype").GetString());
        using var expected = JsonDocument.Parse($"[{data}]");
        Assert.True(expected.RootElement.EnumerateArray().Zip(output.GetProperty("data").EnumerateArray())
            .All(p => p.First.ValueKind == JsonValueKind.Number && p.First.GetRawText() != p.Second.GetRawText() ? p.First.GetDouble().Equals(p.Second.GetDouble()) : p.First.ToString() == p.Second.ToString()), text);
    }

    [Fact]
    public void Members_may_come_in_any_order_and_data_may_be_nested()
    {
        var call = Read(OnnxElementType.Float, """{"parameters":{"a":[1,{}]},"inputs":[{"data":[[1,2],[3,4]],"shape":[2,2],"extra":{"b":[]},"datatype":"FP32","name":"x"}],"id":"42"}""", [-1, 2]);
        Assert.Equal([1f, 2, 3, 4], call.Values[0]!.As<float>().ToArray());
        Assert.Equal("42", call.Id);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}", "is missing")]
    [InlineData("""{"inputs":[{"name":"z","datatype":"FP32","shape":[1],"data":[1]}]}""", "there is no input 'z'")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP99","shape":[1],"data":[1]}]}""", "there is no datatype 'FP99'")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"INT32","shape":[1],"data":[1]}]}""", "has the datatype FP32")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[1]}]}""", "does not fit")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[1]}]}""", "has 1 elements")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1,2]}]}""", "more than the 1 elements")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":["1"]}]}""", "element 0 is not a FP32")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1e99]}]}""", "element 0 is not a FP32")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[999999999999],"data":[1]}]}""", "more elements than the body has bytes")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[-1],"data":[1]}]}""", "whole numbers")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[NaN]}]}""", "not valid JSON")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[Infinity]}]}""", "not valid JSON")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"inputs":[]}""", "`inputs` is given twice")]
    [InlineData("""{"id":"1","id":"2","inputs":[]}""", "`id` is given twice")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1],"data":[2]}]}""", "`data` is given twice")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]},{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}""", "the input x is given twice")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[4294967296,4294967296,4294967296],"data":[1]}]}""", "does not fit")]
    [InlineData("""{"inputs":[{"name":"\ud800","datatype":"FP32","shape":[1],"data":[1]}]}""", "not valid JSON")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4}}]}""", "only 0 bytes are left")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":-4}}]}""", "whole number from 0")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4},"data":[1]}]}""", "not both")]
    [InlineData("""{"parameters":{"binary_data_output":"yes"},"inputs":[]}""", "must be true or false")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"data":[1]}]}""", "needs `name`, `datatype`")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"outputs":[{"name":"q"}]}""", "there is no output 'q'")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]} x""", "not valid JSON")]
    public void A_wrong_request_is_refused_in_words(string body, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidRequestException>(() => Read(OnnxElementType.Float, body)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_integer_that_its_type_cannot_hold_is_refused()
    {
        foreach (var (type, value) in new[] { (OnnxElementType.Int8, "128"), (OnnxElementType.UInt8, "-1"), (OnnxElementType.Int32, "1.5"), (OnnxElementType.UInt64, "18446744073709551616"), (OnnxElementType.Float16, "70000") })
            Assert.Throws<InvalidRequestException>(() => Read(type, $$"""{"inputs":[{"name":"x","datatype":"{{type.ToDatatype()}}","shape":[1],"data":[{{value}}]}]}"""));
    }

    [Fact]
    public void A_body_in_several_segments_is_read_like_one()
    {
        var body = Encoding.UTF8.GetBytes("""{"inputs":[{"name":"x","datatype":"FP32","shape":[3],"data":[1.25,2.5,3.75]}]}""");
        for (var cut = 1; cut < body.Length; cut++)
        {
            var call = Call(OnnxElementType.Float, [-1]);
            var first = new Segment(body.AsMemory(0, cut));
            var last = first.Then(body.AsMemory(cut));
            InferenceRequestReader.Read(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length), call);
            Assert.Equal([1.25f, 2.5f, 3.75f], call.Values[0]!.As<float>().ToArray());
        }
    }

    [Fact]
    public void A_decoder_is_reused_without_a_trace_of_the_request_before()
    {
        var call = Call(OnnxElementType.Float, [-1]);
        Read(call, """{"id":"1","inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[1,2]}],"outputs":[{"name":"y"}]}""");
        var first = call.Values[0]!.As<float>();
        Read(call, """{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[3,4]}]}""");
        Assert.Null(call.Id);
        Assert.Equal([3f, 4], call.Values[0]!.As<float>().ToArray());
        Assert.True(first == call.Values[0]!.As<float>(), "the array of the same length is reused");
    }

    [Fact]
    public void NaN_in_an_output_is_an_error_and_null_in_an_input_is_a_missing_value()
    {
        var call = Read(OnnxElementType.Float, """{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[null]}]}""");
        Assert.True(float.IsNaN(call.Values[0]!.As<float>()[0]));
        var error = Assert.Throws<OutputNotFiniteException>(() => InferenceResponseWriter.Write("m", "1", call, [OnnxValue.Of("y", new[] { 1, float.NaN }, 2)]));
        Assert.Contains("the output y is NaN at index 1", error.Message, StringComparison.Ordinal);
        Assert.True(call.HasMissingInput());
    }

    private static InferenceCall Call(OnnxElementType type, long[] shape) => new([new TensorInfo("x", type, shape)], [Answer]);

    private static InferenceCall Read(OnnxElementType type, string body, long[]? shape = null)
    {
        var call = Call(type, shape ?? [-1]);
        Read(call, body);
        return call;
    }

    private static void Read(InferenceCall call, string body) => InferenceRequestReader.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body)), call);

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
