using System.Net;
using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Serving;

namespace Ci.EdgeAgent.Tests;

public sealed class ServingTests
{
    [Fact]
    public async Task Paths_methods_versions_and_sizes_are_answered_as_the_protocol_says()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await RunningAgent.StartAsync(deployment.Configure() with { MaxBodyBytes = 4096 });
        await agent.ServesAsync("1.0.0");
        var model = $"/v2/models/{Deployment.Model}";
        Assert.Equal(200, (await agent.InferAsync(Support.Request(30), $"{model}/versions/1.0.0/infer")).Status);
        Assert.Equal(404, (await agent.InferAsync(Support.Request(30), $"{model}/versions/9.9.9/infer")).Status);
        Assert.Equal(404, (await agent.InferAsync(Support.Request(30), "/v2/models/other/infer")).Status);
        Assert.Equal(400, (await agent.InferAsync("{}")).Status);
        var (status, body) = await agent.InferAsync(Support.Request(30, 100));
        Assert.Equal(413, status);
        Assert.StartsWith("{\"error\":", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await agent.Http.GetAsync($"{model}/infer")).StatusCode);
        Assert.Equal("{\"live\":true}", await agent.Http.GetStringAsync("/v2/health/live"));
        Assert.Equal("{\"ready\":true}", await agent.Http.GetStringAsync($"{model}/versions/1.0.0/ready"));
        Assert.Contains("\"extensions\":[\"binary_tensor_data\"]", await agent.Http.GetStringAsync("/v2/"), StringComparison.Ordinal);
        var metadata = await agent.Http.GetStringAsync(model);
        Assert.Contains("\"versions\":[\"1.0.0\"]", metadata, StringComparison.Ordinal);
        Assert.Contains("\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[-1,30]}]", metadata, StringComparison.Ordinal);
    }

    [Fact]
    public void One_more_than_the_limit_is_not_admitted_until_one_leaves()
    {
        var admission = new Admission(2);
        Assert.True(admission.TryEnter());
        Assert.True(admission.TryEnter());
        Assert.False(admission.TryEnter());
        admission.Leave();
        Assert.True(admission.TryEnter());
    }

    [Fact]
    public async Task The_status_command_says_what_serves_and_fails_in_words_where_no_agent_answers()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var (output, error) = (new StringWriter(), new StringWriter());
        await using (var agent = await deployment.StartAsync(deployment.Configure()))
        {
            await agent.ServesAsync("1.0.0");
            var world = World(agent.Agent.Address);
            Assert.Equal(0, await AgentCommandLine.RunAsync(["status", "--config", deployment.ConfigPath], world, output, error));
            Assert.Contains("breast-mlp: serving 1.0.0", output.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(6, await AgentCommandLine.RunAsync(["status", "--config", deployment.ConfigPath], World("http://127.0.0.1:9"), output, error));
        Assert.Contains("no agent answers", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await AgentCommandLine.RunAsync(["dance"], World("http://127.0.0.1:9"), output, error));
    }

    private static AgentWorld World(string listen) => new() { Environment = new Dictionary<string, string> { ["MLOPS_EDGE_LISTEN"] = listen }, Log = TextWriter.Null };
}
