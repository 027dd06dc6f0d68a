using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;
using Ci.Onnx.Proto;
using Google.Protobuf;

namespace Ci.EdgeAgent.Tests.Serving;

/// <summary>The protocol at its edges, over the wire and through the validating proxy: every datatype, every shape, every mistake, with real models.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private const string Model = "/v2/models/" + Deployment.Model;
    private readonly Deployment deployment = new();
    private RunningAgent agent = null!;

    public static TheoryData<string, string> Datatypes => new()
    {
        { "BOOL", "[true,false,true]" },
        { "UINT8", "[0,1,255]" },
        { "UINT16", "[0,1,65535]" },
        { "UINT32", "[0,1,4294967295]" },
        { "UINT64", "[0,9007199254740993,18446744073709551615]" },
        { "INT8", "[-128,0,127]" },
        { "INT16", "[-32768,0,32767]" },
        { "INT32", "[-2147483648,0,2147483647]" },
        { "INT64", "[-9223372036854775808,9007199254740993,9223372036854775807]" },
        { "FP16", "[1.5,-0.25,65504]" },
        { "BF16", "[1.5,-0.25,256]" },
        { "FP32", "[1.5,-0.1,3.4028235E+38]" },
        { "FP64", "[1.5,-0.1,1.7976931348623157E+308]" },
        { "BYTES", """["a","","\u00e4\ud83d\ude80 \"\\ "]""" },
    };

    public async Task InitializeAsync() => agent = await RunningAgent.StartAsync(deployment.Configure(), follow: false);

    public async Task DisposeAsync()
    {
        await agent.DisposeAsync();
        deployment.Dispose();
    }

    [Theory]
    [MemberData(nameof(Datatypes))]
    public async Task Every_datatype_comes_back_as_it_went_flat_nested_and_in_any_order(string datatype, string data)
    {
        Serve(Identity(TypeOf(datatype), "n", "m"));
        foreach (var (shape, sent) in new[] { ("[3,1]", data), ("[1,3]", $"[{data}]") })
        {
            var body = $$"""{"inputs":[{"data":{{sent}},"shape":{{shape}},"datatype":"{{datatype}}","name":"x"}],"id":"a\u00e4\n","outputs":[{"name":"y"}]}""";
            // The proxy is JavaScript, where whole numbers end at 2^53.
            var client = datatype.EndsWith("INT64", StringComparison.Ordinal) ? agent.Plain : agent.Http;
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await client.PostAsync(Model + "/infer", content);
            var answer = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{datatype}: {answer}");
            var document = JsonNode.Parse(answer)!;
            var output = document["outputs"]![0]!;
            Assert.Equal("a\u00e4\n", (string)document["id"]!);
            Assert.Equal(("y", datatype, shape), ((string)output["name"]!, (string)output["datatype"]!, output["shape"]!.ToJsonString()));
            Assert.Equal(JsonNode.Parse(data)!.AsArray().Select(Text), output["data"]!.AsArray().Select(Text));
        }

        static string Text(JsonNode? node) => node!.GetValueKind() == System.Text.Json.JsonValueKind.Number
            ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture) + (node.ToJsonString().AsSpan().ContainsAny('.', 'E') ? "" : node.ToJsonString())
            : node.ToJsonString();
    }

    [Theory]
    [InlineData("FP16", "[70000]")]
    [InlineData("BF16", "[1e39]")]
    [InlineData("FP32", "[1e39]")]
    [InlineData("FP32", "[\"1\"]")]
    [InlineData("FP32", "[true]")]
    [InlineData("INT64", "[9223372036854775808]")]
    [InlineData("UINT64", "[-1]")]
    [InlineData("INT8", "[128]")]
    [InlineData("INT32", "[1.5]")]
    [InlineData("BOOL", "[1]")]
    [InlineData("BYTES", "[1]")]
    [InlineData("FP32", "[1,2]")]
    [InlineData("FP32", "[]")]
    public async Task What_a_datatype_cannot_hold_is_refused_and_never_rounded_or_wrapped(string datatype, string data)
    {
        Serve(Identity(TypeOf(datatype), "n"));
        var (status, answer) = await agent.InferAsync($$"""{"inputs":[{"name":"x","datatype":"{{datatype}}","shape":[1],"data":{{data}}}]}""");
        Assert.True(status == 400, $"{status} {answer}");
        Assert.Contains("the input x", answer, StringComparison.Ordinal);
        Assert.Equal(0, agent.Agent.Models[0].Served.Counters.FailedCount);
    }

    [Fact]
    public async Task Scalars_empty_tensors_and_tensors_of_many_dimensions_are_answered()
    {
        Serve(Identity(OnnxElementType.Float));
        Assert.Equal(("[]", "[5]"), await PartsAsync("[]", "[5]"));
        Serve(Identity(OnnxElementType.Float, "n", 3));
        Assert.Equal(("[0,3]", "[]"), await PartsAsync("[0,3]", "[]"));
        Serve(Identity(OnnxElementType.Float, "a", "b", "c", "d", "e", "f"));
        Assert.Equal(("[1,2,1,1,1,1]", "[1,2]"), await PartsAsync("[1,2,1,1,1,1]", "[[[[[[1]]]],[[[[2]]]]]]"));
    }

    [Fact]
    public async Task A_model_that_does_not_say_its_rank_takes_any()
    {
        var model = ModelProto.Parser.ParseFrom(Identity(OnnxElementType.Float));
        model.Graph.Input[0].Type.TensorType.Shape = null;
        model.Graph.Output[0].Type.TensorType.Shape = null;
        Serve(model.ToByteArray());
        Assert.Equal(("[]", "[5]"), await PartsAsync("[]", "[5]"));
        Assert.Equal(("[2,1]", "[5,6]"), await PartsAsync("[2,1]", "[5,6]"));
    }

    [Theory]
    [InlineData("[2]", "[3]")]
    [InlineData("[0]", "[2]")]
    public async Task Sizes_that_the_caller_got_wrong_are_his_mistake_and_count_against_no_model(string first, string second)
    {
        // z = x + y: the signature says that both are as long.
        var model = Of(Node("Add", ["x", "y"], "z"), ("x", OnnxElementType.Float, ["n"]), ("y", OnnxElementType.Float, ["n"]), ("z", OnnxElementType.Float, ["n"]));
        Serve(model);
        var (status, answer) = await agent.InferAsync($$"""{"inputs":[{"name":"x","datatype":"FP32","shape":{{first}},"data":{{Ones(first)}}},{"name":"y","datatype":"FP32","shape":{{second}},"data":{{Ones(second)}}}]}""");
        Assert.True(status == 400, $"{status} {answer}");
        Assert.Contains("does not take this", answer, StringComparison.Ordinal);
        var served = agent.Agent.Models[0].Served;
        Assert.Equal((0, 0, 1), (served.Slot.Current!.Health.Errors, served.Counters.FailedCount, served.Counters.Invalid));

        static string Ones(string shape) => $"[{string.Join(',', Enumerable.Repeat("1", shape[1] - '0'))}]";
    }

    [Fact]
    public async Task A_scalar_that_is_sent_as_a_list_is_the_caller_s_mistake()
    {
        Serve(Of(Node("Sqrt", ["x"], "y"), ("x", OnnxElementType.Float, []), ("y", OnnxElementType.Float, [])));
        var (status, answer) = await agent.InferAsync("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[1,2]}]}""");
        Assert.True(status is 200 or 400, answer);
        Assert.Equal(0, agent.Agent.Models[0].Served.Counters.FailedCount);
    }

    [Fact]
    public async Task Outputs_that_are_no_tensors_are_not_shown_and_fail_nothing()
    {
        Serve(Classifier());
        var metadata = JsonNode.Parse(await agent.Http.GetStringAsync(Model))!;
        Assert.Equal(["label"], metadata["outputs"]!.AsArray().Select(o => (string)o!["name"]!));
        const string Input = """ "inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}] """;
        var (status, answer) = await agent.InferAsync($"{{{Input}}}");
        Assert.True(status == 200, answer);
        Assert.Equal(["label"], JsonNode.Parse(answer)!["outputs"]!.AsArray().Select(o => (string)o!["name"]!));
        (status, answer) = await agent.InferAsync($$"""{{{Input}},"outputs":[{"name":"scores"}]}""");
        Assert.Equal(400, status);
        Assert.Contains("tensors only", answer, StringComparison.Ordinal);
        Assert.Equal(0, agent.Agent.Models[0].Served.Counters.FailedCount);
    }

    [Theory]
    [InlineData("POST", Model, "GET, HEAD")]
    [InlineData("DELETE", Model + "/infer", "POST")]
    [InlineData("GET", Model + "/infer", "POST")]
    [InlineData("HEAD", Model + "/versions/1.0.0/infer", "POST")]
    [InlineData("OPTIONS", Model + "/infer", "POST")]
    [InlineData("PUT", "/v2/health/live", "GET, HEAD")]
    [InlineData("OPTIONS", "/v2", "GET, HEAD")]
    [InlineData("POST", "/status", "GET, HEAD")]
    public async Task Another_method_is_405_and_the_answer_says_which_are_taken(string method, string path, string allowed)
    {
        Serve(Identity(OnnxElementType.Float, "n"));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await agent.Plain.SendAsync(request);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, allowed), (response.StatusCode, string.Join(", ", response.Content.Headers.Allow)));
        if (method != "HEAD")
            Assert.NotNull((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]);
    }

    [Theory]
    [InlineData(Model)]
    [InlineData(Model + "/")]
    [InlineData(Model + "/ready")]
    [InlineData(Model + "/versions/1.0.0")]
    [InlineData(Model + "/versions/1.0.0/ready")]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    [InlineData("/openapi.json")]
    public async Task HEAD_answers_the_head_of_GET(string path)
    {
        Serve(Identity(OnnxElementType.Float, "n"));
        using var got = await agent.Http.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await agent.Plain.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (got.StatusCode, head.StatusCode));
        Assert.Equal(got.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal((await got.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData(Model + "/versions/2.0.0")]
    [InlineData(Model + "/versions/2.0.0/ready")]
    [InlineData(Model + "/versions/")]
    [InlineData(Model + "/versions")]
    [InlineData(Model + "/versions/1.0.0/nothing")]
    [InlineData(Model + "/nothing")]
    [InlineData("/v2/models/")]
    [InlineData("/v2/models/other/ready")]
    [InlineData("/v2/health")]
    [InlineData("/v3")]
    public async Task What_is_not_there_is_404_in_the_protocol_s_words(string path)
    {
        Serve(Identity(OnnxElementType.Float, "n"));
        using var response = await agent.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.NotNull((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("APPLICATION/JSON")]
    [InlineData(null)]
    public async Task The_content_type_may_be_written_in_any_way(string? type)
    {
        Serve(Identity(OnnxElementType.Float, "n"));
        using var content = new ByteArrayContent("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}"""u8.ToArray());
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await agent.Plain.PostAsync(Model + "/infer", content);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
    }

    [Fact]
    public async Task A_compressed_body_is_refused_before_it_is_read_and_told_what_is_taken()
    {
        Serve(Identity(OnnxElementType.Float, "n"));
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(new byte[50_000_000]);
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await agent.Plain.PostAsync(Model + "/infer", content);
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "identity"), (response.StatusCode, response.Headers.GetValues("Accept-Encoding").Single()));
    }

    [Theory]
    [InlineData("""{"inputs":[]}""", "is missing")]
    [InlineData("""{}""", "is missing")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]},{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}""", "given twice")]
    [InlineData("""{"inputs":[{"name":"X","datatype":"FP32","shape":[1],"data":[1]}]}""", "no input 'X'")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"fp32","shape":[1],"data":[1]}]}""", "no datatype 'fp32'")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP64","shape":[1],"data":[1]}]}""", "has the datatype FP32, not FP64")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[1]}]}""", "does not fit")]
    [InlineData("""{"id":7,"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}""", "`id` must be a text")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"outputs":[{"name":"nobody"}]}""", "no output 'nobody'")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"outputs":[{"name":"y"},{"name":"y"}]}""", "asked for twice")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"parameters":{"binary_data_output":"yes"}}""", "must be true or false")]
    public async Task A_wrong_request_is_400_and_says_what_is_wrong(string body, string words)
    {
        Serve(Identity(OnnxElementType.Float, "n"));
        var (status, answer) = await agent.InferAsync(body);
        Assert.Equal(400, status);
        Assert.Contains(words, (string)JsonNode.Parse(answer)!["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_parameters_and_members_are_passed_over_and_no_id_is_made_up()
    {
        Serve(Identity(OnnxElementType.Float, "n"));
        var (status, answer) = await agent.InferAsync("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1],"parameters":{"content_type":"np","more":{"a":[1]}}}],"outputs":[],"parameters":{"priority":1},"extra":null}""");
        Assert.Equal(200, status);
        Assert.Null(JsonNode.Parse(answer)!["id"]);
    }

    private async Task<(string Shape, string Data)> PartsAsync(string shape, string data)
    {
        var (status, answer) = await agent.InferAsync($$"""{"inputs":[{"name":"x","datatype":"FP32","shape":{{shape}},"data":{{data}}}]}""");
        Assert.True(status == 200, answer);
        var output = JsonNode.Parse(answer)!["outputs"]![0]!;
        return (output["shape"]!.ToJsonString(), output["data"]!.ToJsonString());
    }

    private void Serve(byte[] model) =>
        agent.Agent.Models[0].Served.Slot.Swap(new Generation(new OnnxInstance(OnnxSession.Load(Support.Runtime, model)), Deployment.Model, "release", "1.0.0"));

    private static OnnxElementType TypeOf(string datatype) => ElementTypes.FromDatatype(datatype)!.Value;

    private static byte[] Identity(OnnxElementType type, params object[] shape) => Of(Node("Identity", ["x"], "y"), ("x", type, shape), ("y", type, shape));

    /// <summary>The last declared value is the output.</summary>
    private static byte[] Of(NodeProto node, params (string Name, OnnxElementType Type, object[] Shape)[] values)
    {
        var graph = new GraphProto { Name = "g", Node = { node } };
        graph.Input.Add(values[..^1].Select(Value));
        graph.Output.Add(Value(values[^1]));
        return Whole(graph);
    }

    /// <summary>A label and a list of maps, as converters of scikit-learn's classifiers end.</summary>
    private static byte[] Classifier()
    {
        var zip = Node("ZipMap", ["x"], "scores");
        zip.Domain = "ai.onnx.ml";
        zip.Attribute.Add(new AttributeProto { Name = "classlabels_strings", Type = AttributeProto.Types.AttributeType.Strings, Strings = { ByteString.CopyFromUtf8("a"), ByteString.CopyFromUtf8("b") } });
        var map = new TypeProto.Types.Map { KeyType = (int)OnnxElementType.String, ValueType = Value(("", OnnxElementType.Float, [])).Type };
        var scores = new ValueInfoProto { Name = "scores", Type = new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = new TypeProto { MapType = map } } } };
        return Whole(new GraphProto
        {
            Name = "g",
            Node = { Node("Identity", ["x"], "label"), zip },
            Input = { Value(("x", OnnxElementType.Float, ["n", 2])) },
            Output = { Value(("label", OnnxElementType.Float, ["n", 2])), scores },
        });
    }

    private static byte[] Whole(GraphProto graph) => new ModelProto
    {
        IrVersion = 8,
        Graph = graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 16 }, new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 1 } },
    }.ToByteArray();

    private static NodeProto Node(string type, string[] inputs, string output) => new() { OpType = type, Name = type, Input = { inputs }, Output = { output } };

    private static ValueInfoProto Value((string Name, OnnxElementType Type, object[] Shape) value)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(value.Shape.Select(d => d is string symbol ? new TensorShapeProto.Types.Dimension { DimParam = symbol } : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(d, CultureInfo.InvariantCulture) }));
        return new ValueInfoProto { Name = value.Name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)value.Type, Shape = shape } } };
    }
}
