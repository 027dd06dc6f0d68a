using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ci.Forges.Http;

namespace Ci.Forges.GitLab;

/// <summary>Typed calls to one project's part of GitLab's REST API (v4), gitlab.com and self-managed alike, below a path of its own too.</summary>
internal sealed class GitLabApi : IDisposable
{
    // 200,000 comments: more than that is no thread but a loop.
    private const int MostPages = 2_000;

    private readonly ForgeHttp http;
    private readonly ForgeOptions options;

    public GitLabApi(ForgeAddress address, ForgeOptions options, HttpMessageHandler? handler)
    {
        if (address.Repository.Split('/') is not [_, _, ..] parts || parts.Any(p => p.Length == 0))
            throw new ForgeException($"'{address.Repository}' is not the path of a GitLab project (group/project, group/subgroup/project); give --repository or set CI_PROJECT_PATH");
        (this.Path, this.options, this.Token) = (address.Repository, options, new GitLabToken(address.Token));
        this.Root = $"projects/{Uri.EscapeDataString(address.Repository)}";
        this.ServerUrl = (address.ServerUrl?.AbsoluteUri ?? ServerOf(address.ApiUrl)).TrimEnd('/');
        var vendor = new ForgeVendor(
            "GitLab",
            this.Token.AddTo,
            Scope,
            permission => $"it takes {permission}; {this.Token.Advice}",
            this.Token.Advice);
        this.http = new ForgeHttp(address, options, vendor, handler);
    }

    /// <summary>"group/subgroup/project".</summary>
    public string Path { get; }

    /// <summary>"projects/group%2Fproject", the start of most paths.</summary>
    public string Root { get; }

    /// <summary>Without a slash at the end; with the path below which GitLab is installed, if there is one.</summary>
    public string ServerUrl { get; }

    public GitLabToken Token { get; }

    public string Description => this.http.Description;

    public TimeProvider Time => this.options.Time;

    /// <summary>When whatever begins now must have ended.</summary>
    public DateTimeOffset Deadline => this.options.Time.GetUtcNow() + this.options.Deadline;

    /// <summary>How long to wait between two looks at something that GitLab does in the background.</summary>
    public TimeSpan Pause => this.options.FirstPause;

    public void Dispose() => this.http.Dispose();

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, string what, CancellationToken ct, string? needs = null)
    {
        var request = new ForgeRequest(HttpMethod.Get, path, what) { Needs = needs };
        return this.Read(await this.http.SendAsync(request, ct), type, request);
    }

    /// <summary>All pages of a list.</summary>
    public async Task<List<TItem>> ListAsync<TItem>(string path, JsonTypeInfo<TItem[]> type, string what, CancellationToken ct, string? needs = null)
    {
        var all = new List<TItem>();
        var first = path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "per_page=100";
        var pages = 0;
        for (string? next = first; next is not null;)
        {
            if (++pages > MostPages)
                throw new ForgeException($"{this.Description}: cannot {what}: the list has no end after {MostPages} pages");
            var request = new ForgeRequest(HttpMethod.Get, next, what) { Needs = needs };
            var answer = await this.http.SendAsync(request, ct);
            all.AddRange(this.Read(answer, type, request));
            next = Next(first, answer);
        }

        return all;
    }

    public async Task<TAnswer> WriteAsync<TBody, TAnswer>(
        ForgeRequest request, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken ct)
    {
        var whole = request with { Json = JsonSerializer.SerializeToUtf8Bytes(body, bodyType) };
        return this.Read(await this.http.SendAsync(whole, ct), answerType, whole);
    }

    /// <summary>For bodies that are no JSON.</summary>
    public async Task<TAnswer> SendAsync<TAnswer>(ForgeRequest request, JsonTypeInfo<TAnswer> answerType, CancellationToken ct) =>
        this.Read(await this.http.SendAsync(request, ct), answerType, request);

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
            throw new ForgeException($"{this.Description}: cannot {request.What}: its answer is not GitLab's ({error.Message}); is the API's address right?", error);
        }
    }

    // Only the query of the next page is taken from the answer: behind a proxy GitLab may not know its own host.
    private static string? Next(string first, ForgeAnswer answer)
    {
        if (answer.NextPage() is { } link && link.IndexOf('?', StringComparison.Ordinal) is var at and > 0)
            return first[..first.IndexOf('?', StringComparison.Ordinal)] + link[at..];
        return answer.Header("X-Next-Page") is { Length: > 0 } page && page.All(char.IsAsciiDigit) ? $"{first}&page={page}" : null;
    }

    private static string? Scope(ForgeAnswer answer)
    {
        try
        {
            var refusal = JsonSerializer.Deserialize(answer.Body, GitLabJson.Default.GitLabScopeRefusal);
            return refusal is { Error: "insufficient_scope", Scope: { } scope } ? $"the scope {scope.Replace(" ", " or ", StringComparison.Ordinal)}" : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string ServerOf(Uri api)
    {
        var text = api.AbsoluteUri.TrimEnd('/');
        const string Api = "/api/v4";
        return text.EndsWith(Api, StringComparison.Ordinal) ? text[..^Api.Length] : text;
    }
}
