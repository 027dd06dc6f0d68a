namespace Ci.Storage.AzureBlobs;

/// <summary>
/// The identity that the machine has: by the metadata service (IMDS), or by the endpoint that App Service and Container Apps put into
/// the environment.
/// </summary>
internal sealed class ManagedIdentity(BlobLocation location) : ITokenSource
{
    public const string Scope = "https://storage.azure.com/";

    private const string MetadataService = "http://169.254.169.254";

    private readonly string? client = location.Setting("client_id") ?? location.Variable("AZURE_CLIENT_ID");

    public string Description => this.client is null ? "the managed identity" : $"the managed identity {this.client}";

    public Task<(string Token, TimeSpan Lifetime)> AskAsync(CancellationToken ct)
    {
        var chosen = this.client is null ? "" : $"&client_id={Uri.EscapeDataString(this.client)}";
        if (location.Variable("IDENTITY_ENDPOINT") is { } endpoint && location.Variable("IDENTITY_HEADER") is { } secret)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"{endpoint}?api-version=2019-08-01&resource={Uri.EscapeDataString(Scope)}{chosen}");
            request.Headers.Add("X-IDENTITY-HEADER", secret);
            return TokenEndpoint.AskAsync(request, $"the identity endpoint {endpoint}", ct);
        }

        var host = (location.Variable("AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? MetadataService).TrimEnd('/');
        var asked = new HttpRequestMessage(HttpMethod.Get, $"{host}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={Uri.EscapeDataString(Scope)}{chosen}");
        asked.Headers.Add("Metadata", "true");
        return TokenEndpoint.AskAsync(asked, $"the metadata service {host}", ct);
    }
}
