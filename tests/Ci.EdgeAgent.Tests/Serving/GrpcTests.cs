using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ci.EdgeAgent.Serving.Grpc;
using Ci.EdgeAgent.Serving.Grpc.Messages;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Ci.EdgeAgent.Tests.Serving;

/// <summary>The calls of inference.GRPCInferenceService, by the client that .NET programs use.</summary>
public sealed class GrpcTests : IAsyncLifetime
{
    private readonly Deployment deployment = new();
    private RunningAgent agent = null!;
    private GrpcChannel channel = null!;

    public async Task InitializeAsync()
    {
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        agent = await RunningAgent.StartAsync(deployment.Configure() with { GrpcListen = "http://127.0.0.1:0", MaxBodyBytes = 20_000 });
        await agent.ServesAsync("1.0.0");
        channel = GrpcChannel.ForAddress(agent.Agent.GrpcAddress!);
    }

    public async Task DisposeAsync()
    {
        channel.Dispose();
        await agent.DisposeAsync();
        deployment.Dispose();
    }

    [Fact]
    public async Task Health_and_metadata_say_what_REST_says()
    {
        Assert.True((await CallAsync("ServerLive", new ServerLiveRequest(), ServerLiveResponse.Parser)).Live);
        Assert.True((await CallAsync("ServerReady", new ServerReadyRequest(), ServerReadyResponse.Parser)).Ready);
        Assert.True((await CallAsync("ModelReady", new ModelReadyRequest { Name = Deployment.Model, Version = "1.0.0" }, ModelReadyResponse.Parser)).Ready);
        Assert.False((await CallAsync("ModelReady", new ModelReadyRequest { Name = Deployment.Model, Version = "2" }, ModelReadyResponse.Parser)).Ready);
        Assert.Equal("edge-agent", (await CallAsync("ServerMetadata", new ServerMetadataRequest(), ServerMetadataResponse.Parser)).Name);
        var metadata = await CallAsync("ModelMetadata", new ModelMetadataRequest { Name = Deployment.Model }, ModelMetadataResponse.Parser);
        Assert.Equal(["1.0.0"], metadata.Versions);
        Assert.Equal([-1L, 30], metadata.Inputs.Single().Shape);
        Assert.Equal("FP32", metadata.Inputs[0].Datatype);
    }

    [Fact]
    public async Task Typed_and_raw_inputs_answer_what_REST_answers()
    {
        var (_, json) = await agent.InferAsync(Support.Request(30, 2));
        using var rest = JsonDocument.Parse(json);
        var typed = await InferAsync(Request(raw: false));
        var raw = await InferAsync(Request(raw: true));
        Assert.Equal("42", typed.Id);
        Assert.Equal("1.0.0", typed.ModelVersion);
        var outputs = rest.RootElement.GetProperty("outputs").EnumerateArray().ToList();
        Assert.Equal(outputs.Count, typed.Outputs.Count);
        Assert.Empty(typed.RawOutputContents);
        Assert.Equal(outputs.Count, raw.RawOutputContents.Count);
        for (var i = 0; i < outputs.Count; i++)
        {
            Assert.Equal(outputs[i].GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()), typed.Outputs[i].Shape);
            if (typed.Outputs[i].Datatype != "FP32")
                continue;
            var wanted = outputs[i].GetProperty("data").EnumerateArray().Select(v => v.GetSingle()).ToArray();
            Assert.Equal(wanted, typed.Outputs[i].Contents.Fp32Contents);
            Assert.Equal(wanted, MemoryMarshal.Cast<byte, float>(raw.RawOutputContents[i].Span).ToArray());
        }
    }

    [Fact]
    public async Task What_is_wrong_has_the_code_that_says_so_and_words()
    {
        var wrongShape = Request(raw: false);
        wrongShape.Inputs[0].Shape[0] = 3;
        await RefusedAsync(wrongShape, StatusCode.InvalidArgument, "its shape means more elements");
        var negative = Request(raw: true);
        negative.Inputs[0].Shape[0] = -2;
        await RefusedAsync(negative, StatusCode.InvalidArgument, "does not fit");
        var overflow = Request(raw: true);
        overflow.Inputs[0].Shape[0] = long.MaxValue;
        await RefusedAsync(overflow, StatusCode.InvalidArgument, "more elements than its binary data has");
        var both = Request(raw: true);
        both.Inputs[0].Contents = new InferTensorContents();
        await RefusedAsync(both, StatusCode.InvalidArgument, "give one of them");
        await RefusedAsync(new ModelInferRequest { ModelName = "other" }, StatusCode.NotFound, Deployment.Model);
        await RefusedAsync(new ModelInferRequest { ModelName = Deployment.Model, ModelVersion = "9" }, StatusCode.NotFound, "serves the version 1.0.0");
        await RefusedAsync(new ModelInferRequest { ModelName = Deployment.Model }, StatusCode.InvalidArgument, "is missing");
        await RefusedAsync(new ModelInferRequest { ModelName = Deployment.Model, Id = new string('x', 19_000) }, StatusCode.InvalidArgument, "at most 256");
        await RefusedAsync(new ModelInferRequest { ModelName = Deployment.Model, Id = new string('x', 30_000) }, StatusCode.ResourceExhausted, "");
        var error = await Assert.ThrowsAsync<RpcException>(() => CallAsync("Dance", new ServerLiveRequest(), ServerLiveResponse.Parser));
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
        Assert.Contains("Dance", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadline_that_is_over_is_told_and_REST_is_spoken_over_HTTP_2_too()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => InferAsync(Request(raw: true), DateTime.UnixEpoch));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await http.GetAsync(new Uri(new Uri(agent.Agent.GrpcAddress!), "/v2/health/ready"));
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("{\"ready\":true}", await answer.Content.ReadAsStringAsync());
        using var plain = await agent.Plain.PostAsync($"{GrpcEndpoint.Prefix}ServerLive", new ByteArrayContent([0, 0, 0, 0, 0]));
        Assert.Equal(415, (int)plain.StatusCode);
    }

    [Fact]
    public async Task A_damaged_frame_or_message_ends_its_call_alone()
    {
        byte[][] damaged = [[], [0, 0, 0], [0, 0, 0, 0, 9, 1], [0, 255, 255, 255, 255], [1, 0, 0, 0, 1, 1], [0, 0, 0, 0, 4, 255, 255, 255, 255]];
        foreach (var body in damaged)
            await EndsAloneAsync(body);
    }

    private static ModelInferRequest Request(bool raw)
    {
        var numbers = Enumerable.Range(0, 60).Select(i => ((i % 7) * 0.5f) + 0.25f).ToArray();
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "features", Datatype = "FP32", Shape = { 2, 30 } };
        var request = new ModelInferRequest { ModelName = Deployment.Model, ModelVersion = "1.0.0", Id = "42", Inputs = { input } };
        if (raw)
            request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes(numbers.AsSpan())));
        else
            input.Contents = new InferTensorContents { Fp32Contents = { numbers } };
        return request;
    }

    private async Task EndsAloneAsync(byte[] body)
    {
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/grpc");
        using var answer = await http.PostAsync(new Uri(new Uri(agent.Agent.GrpcAddress!), $"{GrpcEndpoint.Prefix}ModelInfer"), content);
        _ = await answer.Content.ReadAsByteArrayAsync();
        var status = answer.TrailingHeaders.TryGetValues("grpc-status", out var trailers) ? trailers.Single() : answer.Headers.GetValues("grpc-status").Single();
        Assert.Contains(status, new[] { "3", "12" });
        Assert.True((await CallAsync("ServerLive", new ServerLiveRequest(), ServerLiveResponse.Parser)).Live);
    }

    private async Task RefusedAsync(ModelInferRequest request, StatusCode code, string words)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => InferAsync(request));
        Assert.Equal(code, error.StatusCode);
        Assert.Contains(words, error.Status.Detail, StringComparison.Ordinal);
    }

    private Task<ModelInferResponse> InferAsync(ModelInferRequest request, DateTime? deadline = null) => CallAsync("ModelInfer", request, ModelInferResponse.Parser, deadline);

    private async Task<TResponse> CallAsync<TRequest, TResponse>(string method, TRequest request, MessageParser<TResponse> parser, DateTime? deadline = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var call = new Method<TRequest, TResponse>(
            MethodType.Unary, "inference.GRPCInferenceService", method,
            Marshallers.Create<TRequest>(m => m.ToByteArray(), _ => throw new NotSupportedException()),
            Marshallers.Create<TResponse>(_ => throw new NotSupportedException(), parser.ParseFrom));
        return await channel.CreateCallInvoker().AsyncUnaryCall(call, null, new CallOptions(deadline: deadline), request);
    }
}
