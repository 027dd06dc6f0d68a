using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Ci.EdgeAgent.Serving;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests.Serving;

/// <summary>The binary tensor data extension.</summary>
public sealed class BinaryTensorTests
{
    public static TheoryData<OnnxElementType, string> Elements => new()
    {
        { OnnxElementType.Bool, "01 00 01" },
        { OnnxElementType.Int8, "80 00 7f" },
        { OnnxElementType.UInt8, "00 01 ff" },
        { OnnxElementType.Int16, "0080 0000 ff7f" },
        { OnnxElementType.UInt16, "0000 0100 ffff" },
        { OnnxElementType.Float16, "003c 00c0 007c" },
        { OnnxElementType.BFloat16, "c03f 00c0 c07f" },
        { OnnxElementType.Int32, "00000080 00000000 ffffff7f" },
        { OnnxElementType.UInt32, "00000000 01000000 ffffffff" },
        { OnnxElementType.Float, "0000c03f 000000c0 0000c07f" },
        { OnnxElementType.Int64, "0000000000000080 0000000000000000 ffffffffffffff7f" },
        { OnnxElementType.UInt64, "0000000000000000 0100000000000000 ffffffffffffffff" },
        { OnnxElementType.Double, "000000000000f83f 00000000000000c0 000000000000f87f" },
        { OnnxElementType.String, "01000000 61 00000000 04000000 f09f9a80" },
    };

    [Theory]
    [MemberData(nameof(Elements))]
    public void Every_datatype_goes_in_and_comes_out_byte_for_byte(OnnxElementType type, string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var call = Read(type, $$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","datatype":"{{type.ToDatatype()}}","shape":[3],"parameters":{"binary_data_size":{{bytes.Length}} } }]}""", bytes);

        InferenceResponseWriter.Write("m", "1", call, [call.Values[0]!]);

        var json = (int)call.JsonBytes!.Value;
        using var head = JsonDocument.Parse(call.Response[..json]);
        Assert.Equal(bytes.Length, head.RootElement.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.False(head.RootElement.GetProperty("outputs")[0].TryGetProperty("data", out _));
        Assert.Equal(bytes, call.Response[json..].ToArray());
    }

    [Theory]
    [InlineData(OnnxElementType.Float, "[2]", 4, "0000803f", "more elements than its binary data has")]
    [InlineData(OnnxElementType.Float, "[1]", 8, "0000803f0000803f", "its shape means 4 bytes")]
    [InlineData(OnnxElementType.Float, "[1]", 5, "0000803f", "only 4 bytes are left")]
    [InlineData(OnnxElementType.Float, "[1]", 4, "0000803f00", "1 bytes behind the JSON belong to no input")]
    [InlineData(OnnxElementType.Float, "[4611686018427387905]", 4, "0000803f", "more elements than its binary data has")]
    [InlineData(OnnxElementType.Bool, "[1]", 1, "02", "a BOOL is the byte 0 or 1")]
    [InlineData(OnnxElementType.String, "[1]", 8, "ffffffff61616161", "ends within element 0")]
    [InlineData(OnnxElementType.String, "[1]", 8, "0500000061616161", "ends within element 0")]
    [InlineData(OnnxElementType.String, "[1]", 6, "010000006161", "goes on after the 1 elements")]
    [InlineData(OnnxElementType.String, "[1]", 5, "01000000ff", "not valid UTF-8")]
    [InlineData(OnnxElementType.String, "[1000000000]", 4, "00000000", "more elements than its binary data can hold")]
    public void Binary_data_that_does_not_fit_is_refused_in_words(OnnxElementType type, string shape, int size, string hex, string words)
    {
        var error = Assert.Throws<InvalidRequestException>(() => Read(type, $$"""{"inputs":[{"name":"x","datatype":"{{type.ToDatatype()}}","shape":{{shape}},"parameters":{"binary_data_size":{{size}} } }]}""", Convert.FromHexString(hex)));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_inputs_take_their_data_in_the_order_of_the_list_and_mix_with_JSON()
    {
        TensorInfo[] inputs = [new("a", OnnxElementType.UInt8, [-1]), new("b", OnnxElementType.UInt8, [-1]), new("c", OnnxElementType.UInt8, [-1])];
        var call = new InferenceCall(inputs, inputs);
        var json = """{"inputs":[{"name":"c","datatype":"UINT8","shape":[1],"parameters":{"binary_data_size":1}},{"name":"b","datatype":"UINT8","shape":[2],"data":[8,9]},{"name":"a","datatype":"UINT8","shape":[2],"parameters":{"binary_data_size":2}}],"outputs":[{"name":"a","parameters":{"binary_data":true}},{"name":"b"}]}"""u8.ToArray();
        InferenceRequestReader.Read(new ReadOnlySequence<byte>([.. json, 7, 5, 6]), json.Length, call);
        Assert.Equal([5, 6], call.Values[0]!.As<byte>().ToArray());
        Assert.Equal([8, 9], call.Values[1]!.As<byte>().ToArray());
        Assert.Equal([7], call.Values[2]!.As<byte>().ToArray());
        Assert.True(call.IsBinary(0));
        Assert.False(call.IsBinary(1));
        Assert.False(call.Wanted[2]);
    }

    [Fact]
    public void A_call_that_is_reused_for_JSON_and_binary_keeps_both_apart()
    {
        var call = Call(OnnxElementType.Float);
        for (var i = 0; i < 3; i++)
        {
            InferenceRequestReader.Read(new ReadOnlySequence<byte>("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[2]}]}"""u8.ToArray()), call);
            Assert.Equal([2f], call.Values[0]!.As<float>().ToArray());
            Read(call, """{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4}}]}""", BitConverter.GetBytes(3f + i));
            Assert.Equal([3f + i], call.Values[0]!.As<float>().ToArray());
        }
    }

    [Fact]
    public async Task A_running_agent_answers_the_same_to_binary_and_to_JSON()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await RunningAgent.StartAsync(deployment.Configure());
        await agent.ServesAsync("1.0.0");
        var (_, json) = await agent.InferAsync(Support.Request(30, 2));
        using var expected = JsonDocument.Parse(json);
        var numbers = Enumerable.Range(0, 60).Select(i => ((i % 7) * 0.5f) + 0.25f).ToArray();
        var head = """{"id":"7","parameters":{"binary_data_output":true},"inputs":[{"name":"features","datatype":"FP32","shape":[2,30],"parameters":{"binary_data_size":240}}]}"""u8.ToArray();

        using var content = new ByteArrayContent([.. head, .. MemoryMarshal.AsBytes(numbers.AsSpan())]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", head.Length.ToString(CultureInfo.InvariantCulture));
        using var response = await agent.Plain.PostAsync($"/v2/models/{Deployment.Model}/versions/1.0.0/infer", content);
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        var length = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single(), CultureInfo.InvariantCulture);
        using var answer = JsonDocument.Parse(body.AsMemory(0, length));
        Assert.Equal("7", answer.RootElement.GetProperty("id").GetString());
        var at = length;
        foreach (var (output, wanted) in answer.RootElement.GetProperty("outputs").EnumerateArray().Zip(expected.RootElement.GetProperty("outputs").EnumerateArray()))
        {
            var size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            if (output.GetProperty("datatype").GetString() == "FP32")
                Assert.Equal(wanted.GetProperty("data").EnumerateArray().Select(v => v.GetSingle()), MemoryMarshal.Cast<byte, float>(body.AsSpan(at, size)).ToArray());
            at += size;
        }

        Assert.Equal(body.Length, at);
    }

    [Fact]
    public async Task A_wrong_length_of_the_JSON_is_the_callers_mistake()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await RunningAgent.StartAsync(deployment.Configure());
        await agent.ServesAsync("1.0.0");
        foreach (var header in new[] { "999999", "-1", "x" })
        {
            using var content = new StringContent(Support.Request(30));
            content.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", header);
            using var response = await agent.Plain.PostAsync($"/v2/models/{Deployment.Model}/infer", content);
            Assert.Equal(400, (int)response.StatusCode);
        }
    }

    private static InferenceCall Call(OnnxElementType type) => new([new TensorInfo("x", type, [-1])], [new TensorInfo("y", type, [-1])]);

    private static InferenceCall Read(OnnxElementType type, string json, byte[] binary)
    {
        var call = Call(type);
        Read(call, json, binary);
        return call;
    }

    private static void Read(InferenceCall call, string json, byte[] binary)
    {
        var head = Encoding.UTF8.GetBytes(json);
        InferenceRequestReader.Read(new ReadOnlySequence<byte>([.. head, .. binary]), head.Length, call);
    }
}
