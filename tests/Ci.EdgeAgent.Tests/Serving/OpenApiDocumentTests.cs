using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Ci.EdgeAgent.Tests.Serving;

/// <summary>The document at /openapi.json is valid, and true: prism holds the agent to it, and nothing else is answered.</summary>
public sealed class OpenApiDocumentTests : IAsyncLifetime
{
    private readonly Deployment deployment = new();
    private RunningAgent agent = null!;
    private JsonNode document = null!;

    public async Task InitializeAsync()
    {
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        agent = await RunningAgent.StartAsync(deployment.Configure());
        await agent.ServesAsync("1.0.0");
        document = JsonNode.Parse(await agent.Plain.GetStringAsync("/openapi.json"))!;
    }

    public async Task DisposeAsync()
    {
        await agent.DisposeAsync();
        deployment.Dispose();
    }

    [Fact]
    public async Task Prism_reads_it_and_finds_every_answer_as_it_says()
    {
        var prism = await ConformanceHandler.StartAsync(document.ToJsonString());
        using var http = new HttpClient();
        foreach (var path in document["paths"]!.AsObject().Where(p => p.Value!["get"] is not null).Select(p => p.Key.Replace("{version}", "1.0.0", StringComparison.Ordinal)))
            Assert.Equal(HttpStatusCode.OK, await SendAsync(http, prism, path, null));
        foreach (var version in new[] { "", "/versions/1.0.0" })
        {
            Assert.Equal(HttpStatusCode.OK, await SendAsync(http, prism, $"/v2/models/{Deployment.Model}{version}/infer", Support.Request(30, 2)));
            Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(http, prism, $"/v2/models/{Deployment.Model}{version}/infer", """{"inputs":[]}"""));
        }

        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(http, prism, $"/v2/models/{Deployment.Model}/versions/7/ready", null));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(http, prism, $"/v2/models/{Deployment.Model}/infer", Support.Request(30).Replace("[1,30]", "[30]", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_a_test_asks_an_agent_goes_through_the_proxy_with_the_protocols_own_description()
    {
        var before = ConformanceHandler.Validated;
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
        Assert.True(ConformanceHandler.Validated > before);
    }

    [Fact]
    public async Task What_stands_in_it_is_answered_and_the_other_methods_are_not()
    {
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            var real = path.Replace("{version}", "1.0.0", StringComparison.Ordinal);
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
            {
                using var request = new HttpRequestMessage(method, real);
                using var response = await agent.Plain.SendAsync(request);
                var stands = operations![method.Method.ToLowerInvariant()] is not null;
                Assert.True(stands == (response.StatusCode is not (HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound)), $"{method} {real}: {response.StatusCode}");
            }
        }

        Assert.Equal(HttpStatusCode.NotFound, (await agent.Plain.GetAsync("/v2/repository/index")).StatusCode);
    }

    [Fact]
    public void Every_reference_leads_somewhere_every_operation_has_an_id_of_its_own_and_each_model_has_its_own_schema()
    {
        var schemas = document["components"]!["schemas"]!.AsObject();
        var references = new List<string>();
        Walk(document, references);
        Assert.All(references, r => Assert.True(schemas.ContainsKey(r["#/components/schemas/".Length..]), r));
        var ids = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => (string)o.Value!["operationId"]!).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        var input = schemas[$"{Deployment.Model}.inference_request"]!["properties"]!["inputs"]!["items"]!["oneOf"]![0]!["properties"]!;
        Assert.Equal("features", (string)input["name"]!["enum"]![0]!);
        Assert.Equal("FP32", (string)input["datatype"]!["enum"]![0]!);
        Assert.Equal(2, (int)input["shape"]!["minItems"]!);
    }

    [Fact]
    public async Task A_description_that_wants_something_else_finds_the_agent_out()
    {
        var wrong = OpenApi.Description();
        wrong["components"]!["schemas"]!["metadata_model_response"]!["required"]!.AsArray().Add("colour");
        await Assert.ThrowsAsync<Ci.Testing.ConformanceException>(async () =>
        {
            using var http = new HttpClient();
            await SendAsync(http, await ConformanceHandler.StartAsync(wrong.ToJsonString()), $"/v2/models/{Deployment.Model}", null);
        });
    }

    [Theory]
    [InlineData("""{"model_name":"m","outputs":[{"name":"y","shape":[1],"datatype":"FP32","data":[[1.5],true,"a"]}]}""", null)]
    [InlineData("""{"outputs":[]}""", "answer.model_name is missing")]
    [InlineData("""{"model_name":"m","outputs":[{"name":"y","shape":[1.5],"datatype":"FP32","data":[]}]}""", "answer.outputs[0].shape[0] is no integer")]
    [InlineData("""{"model_name":"m","outputs":[{"name":"y","shape":[1],"datatype":"FP32"}]}""", "answer.outputs[0].data is missing")]
    [InlineData("""{"model_name":"m","outputs":[{"name":"y","shape":[1],"datatype":"FP32","data":[{}]}]}""", "answer.outputs[0].data[0] is none of what it may be")]
    [InlineData("""{"model_name":1,"outputs":[]}""", "answer.model_name is no string")]
    public void The_check_of_answers_beside_the_proxy_finds_what_the_description_does_not_allow(string answer, string? problem) =>
        Assert.Equal(problem, AnswerCheck.Problem(JsonNode.Parse(answer), JsonNode.Parse("""{"$ref":"#/components/schemas/inference_response"}""")!, "answer"));

    private async Task<HttpStatusCode> SendAsync(HttpClient http, Uri prism, string path, string? body)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(new Uri(agent.Agent.Address), path));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await ConformanceHandler.ThroughAsync(prism, request, r => http.SendAsync(Copy(r)));
        Assert.True(response is not null, $"prism knows no {request.Method} {path}");
        return response.StatusCode;
    }

    private static HttpRequestMessage Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content };
        foreach (var header in request.Headers)
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        return copy;
    }

    private static void Walk(JsonNode? node, List<string> references)
    {
        if (node is JsonObject map)
        {
            foreach (var (name, value) in map)
            {
                if (name == "$ref")
                    references.Add((string)value!);
                Walk(value, references);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
                Walk(item, references);
        }
    }
}
