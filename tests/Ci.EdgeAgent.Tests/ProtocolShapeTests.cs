using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests;

/// <summary>Answers of a running agent against the protocol's own OpenAPI description.</summary>
public sealed class ProtocolShapeTests : IDisposable
{
    private const string Model = $"/v2/models/{Deployment.Model}";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_answer_has_the_shape_that_the_protocol_s_description_says()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await RunningAgent.StartAsync(deployment.Configure());
        await agent.ServesAsync("1.0.0");
        var request = Support.Request(30, 2).Insert(1, "\"id\":\"42\",");
        await HoldAsync(agent, "inference_response", 200, $"{Model}/versions/1.0.0/infer", request);
        await HoldAsync(agent, "inference_response", 200, $"{Model}/infer", request);
        await HoldAsync(agent, "inference_error_response", 400, $"{Model}/infer", "{}");
        await HoldAsync(agent, "inference_error_response", 404, $"{Model}/versions/7/infer", request);
        await HoldAsync(agent, "metadata_server_response", 200, "/v2");
        await HoldAsync(agent, "metadata_model_response", 200, $"{Model}/versions/1.0.0");
        await HoldAsync(agent, "metadata_model_error_response", 404, $"{Model}/versions/7");
        foreach (var path in new[] { "/v2/health/live", "/v2/health/ready", $"{Model}/versions/1.0.0/ready" })
            Assert.Equal(200, (int)(await agent.Http.GetAsync(path)).StatusCode);
    }

    [Fact]
    public void The_description_is_read_strictly_enough_to_find_a_fault()
    {
        Assert.Equal("", OpenApi.Problems(folder, "inference_request", Support.Request(2)));
        Assert.Contains("outputs", OpenApi.Problems(folder, "inference_response", "{\"model_name\":\"m\"}"), StringComparison.Ordinal);
        Assert.NotEqual("", OpenApi.Problems(folder, "inference_response", "{\"model_name\":\"m\",\"outputs\":[{\"name\":\"y\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[null]}]}"));
    }

    [Fact]
    public async Task An_output_that_is_no_number_is_422_and_names_output_and_index_and_counts_against_the_model_only_if_the_caller_left_nothing_out()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var loader = new NaNLoader();
        await using var agent = await RunningAgent.StartAsync(deployment.Configure(soak: 0), loader: _ => loader);
        await agent.ServesAsync("1.0.0");
        loader.AnswersNaN = true;
        var missing = Support.Request(30).Replace("[0.25,", "[null,", StringComparison.Ordinal);
        Assert.Equal(422, (await agent.InferAsync(missing)).Status);
        Assert.Equal(0, agent.Agent.Models[0].Served.Counters.FailedCount);
        var (status, body) = await agent.InferAsync(Support.Request(30));
        Assert.Equal(422, status);
        Assert.Contains("at index 0, which JSON cannot carry", body, StringComparison.Ordinal);
        Assert.Equal("", OpenApi.Problems(folder, "inference_error_response", body));
        Assert.Equal(1, agent.Agent.Models[0].Served.Counters.FailedCount);
    }

    private async Task HoldAsync(RunningAgent agent, string schema, int status, string path, string? body = null)
    {
        using var content = body is null ? null : new StringContent(body);
        using var response = content is null ? await agent.Http.GetAsync(path) : await agent.Http.PostAsync(path, content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal((status, ""), ((int)response.StatusCode, OpenApi.Problems(folder, schema, text)));
    }

    private sealed class NaNLoader : IModelLoader
    {
        public bool AnswersNaN { get; set; }

        public string RuntimeVersion => Support.Runtime.Version;

        public IModelInstance Load(string path) => new NaNInstance(this, new OnnxInstance(OnnxSession.Load(Support.Runtime, path)));
    }

    private sealed class NaNInstance(NaNLoader owner, IModelInstance inner) : IModelInstance
    {
        public IReadOnlyList<TensorInfo> Inputs => inner.Inputs;

        public IReadOnlyList<TensorInfo> Outputs => inner.Outputs;

        public IReadOnlyDictionary<string, string> Metadata => inner.Metadata;

        public string Provider => inner.Provider;

        public string? ProviderFallbackReason => inner.ProviderFallbackReason;

        public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs) => owner.AnswersNaN
            ? [.. inner.Run(inputs).Select(o => o.Type == OnnxElementType.Float ? OnnxValue.Of(o.Name, Enumerable.Repeat(float.NaN, o.Count).ToArray(), o.Shape) : o)]
            : inner.Run(inputs);

        public void Dispose() => inner.Dispose();
    }
}
