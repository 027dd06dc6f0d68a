namespace Ci.Storage.AzureBlobs;

/// <summary>
/// An application of Entra ID: by its secret, or by a token of somebody whom Entra ID trusts (workload identity: the file that
/// <c>AZURE_FEDERATED_TOKEN_FILE</c> names, read anew each time because it is renewed).
/// </summary>
internal sealed class RegisteredApplication(BlobLocation location, string tenant, string client, string? secret, string? tokenFile) : ITokenSource
{
    private const string Authority = "https://login.microsoftonline.com";
    private const int MostTokenBytes = 64 << 10;

    public string Description => secret is null ? $"the workload identity {client}" : $"the application {client}";

    public async Task<(string Token, TimeSpan Lifetime)> AskAsync(CancellationToken ct)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["scope"] = ManagedIdentity.Scope + ".default",
        };
        if (secret is not null)
            form["client_secret"] = secret;
        else
        {
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            form["client_assertion"] = await this.ReadTokenAsync(ct);
        }

        var authority = (location.Variable("AZURE_AUTHORITY_HOST") ?? Authority).TrimEnd('/');
        using var body = new FormUrlEncodedContent(form);
        var request = new HttpRequestMessage(HttpMethod.Post, $"{authority}/{Uri.EscapeDataString(tenant)}/oauth2/v2.0/token") { Content = body };
        return await TokenEndpoint.AskAsync(request, $"Entra ID ({authority})", ct);
    }

    private async Task<string> ReadTokenAsync(CancellationToken ct)
    {
        try
        {
            var file = new FileInfo(tokenFile!);
            if (file.Length > MostTokenBytes)
                throw new StorageRefusedException($"AZURE_FEDERATED_TOKEN_FILE: {tokenFile} is too long for a token");
            return (await File.ReadAllTextAsync(file.FullName, ct)).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageRefusedException($"AZURE_FEDERATED_TOKEN_FILE: cannot read {tokenFile}: {error.Message}", error);
        }
    }
}
