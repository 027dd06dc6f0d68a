namespace Ci.Storage.AzureBlobs;

/// <summary>Chooses the credential: what the remote's settings say, then what the environment says, then the machine's own identity.</summary>
internal static class AzureCredentials
{
    /// <summary>The connection string, from the settings or the environment; null when there is none.</summary>
    public static AzureConnectionString? Connection(BlobLocation location) =>
        // A remote that names its account itself does not want the environment's.
        (location.Setting("connection_string") ?? (location.Setting("account_name") is null ? location.Variable("AZURE_STORAGE_CONNECTION_STRING") : null)) is { } text
            ? AzureConnectionString.Read(text, location.Shown(location.Address))
            : null;

    public static IAzureCredential Of(BlobLocation location, AzureAccount account, AzureConnectionString? connection)
    {
        var where = location.Shown(location.Address);
        if (location.Flag("allow_anonymous_login", false))
            return new AnonymousAccess();
        if (new Uri(location.Address).Query is { Length: > 1 } query && query.Contains("sig=", StringComparison.Ordinal))
            return new SharedAccessSignature(query);
        if ((location.Setting("account_key") ?? connection?.Key) is { } key)
            return new SharedKey(account.Name, key, where);
        if ((location.Setting("sas_token") ?? connection?.Sas) is { } sas)
            return new SharedAccessSignature(sas);
        if (Application(location, location.Setting("tenant_id"), location.Setting("client_id"), location.Setting("client_secret"), null) is { } named)
            return named;
        if (location.Variable("AZURE_STORAGE_KEY") is { } fromEnvironment)
            return new SharedKey(account.Name, fromEnvironment, where);
        if (location.Variable("AZURE_STORAGE_SAS_TOKEN") is { } granted)
            return new SharedAccessSignature(granted);
        return Ambient(location);
    }

    private static IAzureCredential Ambient(BlobLocation location)
    {
        if (!location.Flag("exclude_environment_credential", false)
            && Application(location, location.Variable("AZURE_TENANT_ID"), location.Variable("AZURE_CLIENT_ID"), location.Variable("AZURE_CLIENT_SECRET"), location.Variable("AZURE_FEDERATED_TOKEN_FILE")) is { } application)
            return application;
        // A container's web address without anything to sign with is read as anybody may read it.
        var hasEndpoint = location.Variable("IDENTITY_ENDPOINT") ?? location.Variable("AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? location.Setting("client_id");
        var isWeb = !location.Address.StartsWith("azure:", StringComparison.OrdinalIgnoreCase);
        return location.Flag("exclude_managed_identity_credential", false) || (isWeb && hasEndpoint is null)
            ? new AnonymousAccess()
            : new AccessToken(new ManagedIdentity(location), location.Time);
    }

    private static AccessToken? Application(BlobLocation location, string? tenant, string? client, string? secret, string? tokenFile) =>
        tenant is not null && client is not null && (secret ?? tokenFile) is not null
            ? new AccessToken(new RegisteredApplication(location, tenant, client, secret, secret is null ? tokenFile : null), location.Time)
            : null;
}
