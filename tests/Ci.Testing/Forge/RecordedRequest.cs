namespace Ci.Testing.Forge;

/// <summary>One request that the simulator answered.</summary>
/// <param name="Method">E.g. "POST".</param>
/// <param name="Path">With its query, e.g. "/api/v3/repos/acme/m/issues/1/comments?per_page=100".</param>
/// <param name="Identity">The token's login; null for anonymous.</param>
/// <param name="Status">The status that was answered.</param>
/// <param name="Body">The request's body where it is JSON of the API; else empty.</param>
/// <param name="Headers">The request's headers, without the token.</param>
public sealed record RecordedRequest(
    string Method, string Path, string? Identity, int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public override string ToString() => $"{this.Status} {this.Method} {this.Path} ({this.Identity ?? "anonymous"})";
}
