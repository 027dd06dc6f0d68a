using System.Collections.Concurrent;
using System.Text.Json;
using Ci.Testing;
using Ci.Testing.Network;
using Microsoft.AspNetCore.Http;

namespace Ci.EdgeAgent.Tests;

/// <summary>
/// Sends what the protocol's description covers (JSON below /v2) through prism, and throws where an answer does not fit it, or where the agent
/// accepted a request that does not. One prism serves all tests: it forwards to a relay, which a header tells the agent's address.
/// </summary>
internal sealed class ConformanceHandler() : DelegatingHandler(new SocketsHttpHandler { PooledConnectionIdleTimeout = Idle })
{
    // Node closes a connection after five idle seconds, and an agent that ended leaves its port to another one: a request that is sent at that moment is
    // lost, and a POST is not sent again. Connections are given up well before.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    private const string AgentHeader = "x-agent";
    private static readonly Lazy<Task<Uri>> Proxy = new(() => StartAsync(OpenApi.Description().ToJsonString()));
    private static long validated;

    /// <summary>Exchanges that prism has looked at so far, in this process.</summary>
    public static long Validated => Interlocked.Read(ref validated);

    /// <summary>A prism with a description of its own before the relay.</summary>
    public static async Task<Uri> StartAsync(string description)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64, PooledConnectionIdleTimeout = Idle });
        var relay = await LoopbackServer.StartAsync((context, body) => RelayAsync(client, context, body));
        var prism = await PrismProxy.StartAsync(description, relay.Address);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => prism.Dispose();
        return prism.Address;
    }

    /// <summary>Sends a request through the prism at an address; null where its description does not know the path or method.</summary>
    public static async Task<HttpResponseMessage?> ThroughAsync(Uri prism, HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> send)
    {
        var agent = request.RequestUri!;
        request.Headers.TryAddWithoutValidation(AgentHeader, agent.GetLeftPart(UriPartial.Authority));
        request.RequestUri = new Uri(prism, agent.PathAndQuery);
        var response = await send(request);
        request.Headers.Remove(AgentHeader);
        request.RequestUri = agent;
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            var problem = await response.Content.ReadAsStringAsync();
            if (problem.Contains("NO_PATH_MATCHED", StringComparison.Ordinal) || problem.Contains("NO_METHOD_MATCHED", StringComparison.Ordinal))
                return null;
            throw new ConformanceException($"{request.Method} {agent.PathAndQuery}: {problem}");
        }

        Interlocked.Increment(ref validated);
        Judge(request, response);
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!await CoversAsync(request, cancellationToken))
            return await base.SendAsync(request, cancellationToken);
        return await ThroughAsync(await Proxy.Value, request, r => base.SendAsync(r, cancellationToken)) ?? await base.SendAsync(request, cancellationToken);
    }

    private static void Judge(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("sl-violations", out var values))
            return;
        var text = string.Join("", values);
        if (text.StartsWith("Too many", StringComparison.Ordinal))
            throw new ConformanceException($"{request.Method} {request.RequestUri!.PathAndQuery}: {text}");
        using var violations = JsonDocument.Parse(text);
        foreach (var violation in violations.RootElement.EnumerateArray())
        {
            // A wrong request that was refused is as it should be.
            var isRequest = violation.GetProperty("location")[0].GetString() == "request";
            if (violation.GetProperty("severity").GetString() == "Error" && !(isRequest && (int)response.StatusCode >= 400))
                throw new ConformanceException($"{request.Method} {request.RequestUri!.PathAndQuery} -> {(int)response.StatusCode}: {violation}");
        }
    }

    private static async Task<bool> CoversAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (!request.RequestUri!.AbsolutePath.StartsWith("/v2", StringComparison.Ordinal))
            return false;
        if (request.Content is null)
            return true;
        if (request.Content.Headers.ContentType?.MediaType != "application/json" || request.Content.Headers.ContentLength is null or > 1_000_000 || request.Headers.TransferEncodingChunked == true)
            return false;
        try
        {
            // Prism parses bodies itself; what is no JSON never reaches the agent through it.
            using var document = JsonDocument.Parse(await request.Content.ReadAsByteArrayAsync(ct));
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static async Task RelayAsync(HttpClient client, HttpContext context, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(new Uri(context.Request.Headers[AgentHeader].ToString()), context.Request.Path + context.Request.QueryString));
        if (body.Length > 0)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (answer.Headers.RetryAfter is { } later)
            context.Response.Headers.RetryAfter = later.ToString();
        await context.Response.BodyWriter.WriteAsync(await answer.Content.ReadAsByteArrayAsync(context.RequestAborted));
    }
}
