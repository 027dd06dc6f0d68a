using System.Net;
using System.Net.Http.Headers;

namespace Ci.EdgeAgent.Tests.Serving;

/// <summary>Answers that come before a body was needed: every one of them arrives, and the connection goes on.</summary>
public sealed class EarlyAnswerTests : IAsyncLifetime
{
    private readonly Deployment deployment = new();
    private RunningAgent agent = null!;

    public async Task InitializeAsync()
    {
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        agent = await RunningAgent.StartAsync(deployment.Configure() with { MaxBodyBytes = 300_000 }, follow: false);
    }

    public async Task DisposeAsync()
    {
        await agent.DisposeAsync();
        deployment.Dispose();
    }

    [Theory]
    [InlineData("/v2/models/breast-mlp/infer", null, HttpStatusCode.ServiceUnavailable)]
    [InlineData("/v2/models/breast-mlp/infer", "gzip", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/v2/models/nobody/infer", null, HttpStatusCode.NotFound)]
    [InlineData("/v2/models/breast-mlp/ready", null, HttpStatusCode.MethodNotAllowed)]
    public async Task A_post_of_any_size_is_answered_whole_however_early_the_answer_is_known(string path, string? encoding, HttpStatusCode status)
    {
        var rounds = Environment.GetEnvironmentVariable("MLOPS_LONG_TESTS") == "1" ? 20_000 : 400;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async client =>
        {
            var random = new Random(client);
            for (var i = 0; i < rounds; i++)
            {
                using var content = new ByteArrayContent(new byte[random.Next(4) switch { 0 => random.Next(100), 1 => random.Next(5_000), 2 => random.Next(70_000), _ => random.Next(299_000) }]);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                if (encoding is not null)
                    content.Headers.ContentEncoding.Add(encoding);
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
                request.Headers.TransferEncodingChunked = random.Next(3) == 0;
                using var response = await agent.Plain.SendAsync(request);
                Assert.Equal(status, response.StatusCode);
                Assert.NotEqual("", await response.Content.ReadAsStringAsync());
            }
        }));
    }
}
