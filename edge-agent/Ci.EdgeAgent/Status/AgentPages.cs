using System.Text.Json;
using Ci.EdgeAgent.Serving;

namespace Ci.EdgeAgent.Status;

/// <summary>What the listener shows of the agent itself: status document, metrics, page.</summary>
internal sealed class AgentPages(Func<AgentStatus> read, IReadOnlyList<ServedModel> models, Admission admission)
{
    public Task StatusAsync(HttpContext http) =>
        HttpReply.BytesAsync(http, StatusCodes.Status200OK, HttpReply.JsonType, JsonSerializer.SerializeToUtf8Bytes(read(), AgentJson.Default.AgentStatus));

    public Task MetricsAsync(HttpContext http) =>
        HttpReply.TextAsync(http, "text/plain; version=0.0.4; charset=utf-8", MetricsText.Of(read(), models, admission.Running));

    public Task PageAsync(HttpContext http)
    {
        // The page is whole in itself; nothing it shows may make a browser fetch or run anything else.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        http.Response.Headers.CacheControl = "no-store";
        return HttpReply.TextAsync(http, "text/html; charset=utf-8", StatusPage.Of(read()));
    }
}
