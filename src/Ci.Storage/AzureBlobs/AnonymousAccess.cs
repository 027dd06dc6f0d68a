namespace Ci.Storage.AzureBlobs;

/// <summary>No credential: containers that anybody may read.</summary>
internal sealed class AnonymousAccess : IAzureCredential
{
    public string Description => "no credential";

    public bool SignsTime => false;

    public ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken ct) => ValueTask.CompletedTask;
}
