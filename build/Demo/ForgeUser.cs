using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Testing.Forge;

namespace Ci.Build.Demo;

/// <summary>A person at the forge's web pages: opens pull requests and presses the merge button.</summary>
internal sealed class ForgeUser : IDisposable
{
    private readonly HttpClient client;
    private readonly string api;

    public ForgeUser(GitHubSimulator forge, string token)
    {
        this.api = forge.ApiUrl.AbsoluteUri;
        this.client = new HttpClient();
        this.client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        this.client.DefaultRequestHeaders.UserAgent.ParseAdd("a-person/1.0");
        this.client.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.github+json");
    }

    public async Task<JsonNode> OpenAsync(string repository, string title, string head, string @base)
    {
        var (status, answer) = await this.SendAsync(HttpMethod.Post, $"/repos/{repository}/pulls",
            new JsonObject { ["title"] = title, ["head"] = head, ["base"] = @base });
        return status == 201 ? answer! : throw new BuildException($"the forge did not open a pull request for {head}: {status} {answer?.ToJsonString()}");
    }

    public async Task<JsonNode> PullAsync(string repository, int number) =>
        (await this.SendAsync(HttpMethod.Get, $"/repos/{repository}/pulls/{number}", null)).Answer!;

    /// <summary>Presses "merge" (a merge commit): the status and the forge's answer.</summary>
    public Task<(int Status, JsonNode? Answer)> MergeAsync(string repository, int number, string head) =>
        this.SendAsync(HttpMethod.Put, $"/repos/{repository}/pulls/{number}/merge", new JsonObject { ["merge_method"] = "merge", ["sha"] = head });

    public void Dispose() => this.client.Dispose();

    private async Task<(int Status, JsonNode? Answer)> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, this.api + path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await this.client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null);
    }
}
