using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ci.Forges.Http;

namespace Ci.Forges.GitHub;

/// <summary>Typed calls to one repository's part of GitHub's REST API.</summary>
internal sealed class GitHubApi : IDisposable
{
    private readonly ForgeHttp http;

    public GitHubApi(ForgeAddress address, ForgeOptions options, HttpMessageHandler? handler)
    {
        if (address.Repository.Split('/') is not [{ Length: > 0 } owner, { Length: > 0 } name])
            throw new ForgeException($"'{address.Repository}' is not the owner/name of a GitHub repository; give --repository or set GITHUB_REPOSITORY");
        (this.Owner, this.Name, this.Slug) = (owner, name, address.Repository);
        this.HasToken = address.Token is not null;
        // https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
        this.IsInstallation = address.Token?.StartsWith("ghs_", StringComparison.Ordinal) is true;
        this.Root = $"repos/{Uri.EscapeDataString(owner)}/{Uri.EscapeDataString(name)}";
        this.ServerUrl = (address.ServerUrl?.AbsoluteUri ?? "https://github.com").TrimEnd('/');
        this.GraphQl = address.ApiUrl.AbsolutePath.TrimEnd('/').EndsWith("/api/v3", StringComparison.Ordinal) ? "../graphql" : "graphql";
        var vendor = new ForgeVendor(
            "GitHub",
            headers => Prepare(headers, address.Token),
            answer => Permissions(answer.Header("X-Accepted-GitHub-Permissions")),
            permission => $"the token lacks {permission}: add it under `permissions:` of the workflow's job, or give a token that has it in MLOPS_TOKEN",
            "give a valid one in MLOPS_TOKEN or GITHUB_TOKEN");
        this.http = new ForgeHttp(address, options, vendor, handler);
    }

    public string Owner { get; }

    public string Name { get; }

    public string Slug { get; }

    public bool HasToken { get; }

    /// <summary>The token is an App's, as jobs get them.</summary>
    public bool IsInstallation { get; }

    /// <summary>"repos/owner/name", the start of most paths.</summary>
    public string Root { get; }

    /// <summary>Without a slash at the end.</summary>
    public string ServerUrl { get; }

    public string GraphQl { get; }

    public string Description => this.http.Description;

    public void Dispose() => this.http.Dispose();

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, string what, CancellationToken ct, string? needs = null)
    {
        var request = new ForgeRequest(HttpMethod.Get, path, what) { Needs = needs };
        return this.Read(await this.http.SendAsync(request, ct), type, request);
    }

    /// <summary>Null where it does not exist.</summary>
    public async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, string what, CancellationToken ct)
        where T : class
    {
        var request = new ForgeRequest(HttpMethod.Get, path, what);
        var answer = await this.http.TryAsync(request, ct);
        return answer.Status == 404 ? null : answer.IsSuccess ? this.Read(answer, type, request) : throw this.http.Problem(request, answer);
    }

    /// <summary>All pages of a list.</summary>
    public async Task<List<TItem>> ListAsync<TPage, TItem>(
        string path, JsonTypeInfo<TPage> type, Func<TPage, TItem[]> items, string what, CancellationToken ct)
    {
        var all = new List<TItem>();
        for (string? next = path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "per_page=100"; next is not null;)
        {
            var request = new ForgeRequest(HttpMethod.Get, next, what);
            var answer = await this.http.SendAsync(request, ct);
            all.AddRange(items(this.Read(answer, type, request)));
            next = answer.NextPage();
        }

        return all;
    }

    public async Task<TAnswer> WriteAsync<TBody, TAnswer>(
        ForgeRequest request, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken ct)
    {
        var whole = request with { Json = JsonSerializer.SerializeToUtf8Bytes(body, bodyType) };
        return this.Read(await this.http.SendAsync(whole, ct), answerType, whole);
    }

    /// <summary>For answers whose status matters more than their body.</summary>
    public Task<ForgeAnswer> TryAsync(ForgeRequest request, CancellationToken ct) => this.http.TryAsync(request, ct);

    public Task<ForgeAnswer> TryAsync<TBody>(ForgeRequest request, TBody body, JsonTypeInfo<TBody> type, CancellationToken ct) =>
        this.http.TryAsync(request with { Json = JsonSerializer.SerializeToUtf8Bytes(body, type) }, ct);

    public ForgeException Problem(ForgeRequest request, ForgeAnswer answer) => this.http.Problem(request, answer);

    public T Read<T>(ForgeAnswer answer, JsonTypeInfo<T> type, ForgeRequest request)
    {
        try
        {
            var value = JsonSerializer.Deserialize(answer.Body, type) ?? throw new JsonException("the answer is null");
            if (value is object?[] items)
                NullItems.Refuse(items);
            return value;
        }
        catch (JsonException error)
        {
            throw new ForgeException($"{this.Description}: cannot {request.What}: its answer is not GitHub's ({error.Message}); is the API's address right?", error);
        }
    }

    private static void Prepare(HttpRequestHeaders headers, string? token)
    {
        headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.github+json"));
        headers.Add("X-GitHub-Api-Version", "2022-11-28");
        if (token is not null)
            headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    // "issues=write; pull_requests=write" becomes the words that a workflow file uses.
    private static string? Permissions(string? header) => string.IsNullOrWhiteSpace(header)
        ? null
        : header.Replace("; ", " or ", StringComparison.Ordinal).Replace("=", ": ", StringComparison.Ordinal).Replace('_', '-');
}
