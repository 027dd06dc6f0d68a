namespace Ci.EdgeAgent.Serving;

/// <summary>One path that the listener answers. The router and the OpenAPI document both come from the table of these.</summary>
/// <param name="Path">The path, or what follows a model's (and version's) own path.</param>
/// <param name="Method">GET (which includes HEAD) or POST.</param>
/// <param name="Id">The operation's id in the OpenAPI document.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="ContentType">Of the answer 200.</param>
/// <param name="Schema">The answer's schema in the OpenAPI document; null where it is text.</param>
/// <param name="Statuses">The other statuses that it answers; each carries the protocol's error object unless it is the health document.</param>
internal sealed record ServedRoute(string Path, string Method, string Id, string Summary, string ContentType, string? Schema, params int[] Statuses)
{
    public bool Takes(string method) => Method == HttpMethods.Get ? HttpMethods.IsGet(method) || HttpMethods.IsHead(method) : HttpMethods.Equals(method, Method);

    public string Allowed => Method == HttpMethods.Get ? "GET, HEAD" : Method;
}
