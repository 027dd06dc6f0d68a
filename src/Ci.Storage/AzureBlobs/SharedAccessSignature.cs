namespace Ci.Storage.AzureBlobs;

/// <summary>A SAS: a signed grant that stands in the query.</summary>
internal sealed class SharedAccessSignature(string token) : IAzureCredential
{
    private readonly string query = token.TrimStart('?');

    public string Description => "the SAS token";

    public bool SignsTime => false;

    public ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var uri = request.RequestUri!.AbsoluteUri;
        request.RequestUri = new Uri(uri + (uri.Contains('?', StringComparison.Ordinal) ? "&" : "?") + this.query);
        return ValueTask.CompletedTask;
    }
}
