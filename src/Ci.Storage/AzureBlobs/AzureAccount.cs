namespace Ci.Storage.AzureBlobs;

/// <summary>Where a container is.</summary>
/// <param name="Name">The storage account's name, which signatures are made over.</param>
/// <param name="Service">The blob service's address, without a slash at its end.</param>
/// <param name="Container">The container.</param>
/// <param name="Prefix">What stands before every key: empty, or with a slash at its end.</param>
internal sealed record AzureAccount(string Name, Uri Service, string Container, string Prefix)
{
    private static readonly string[] Clouds = [".blob.core.windows.net", ".blob.core.chinacloudapi.cn", ".blob.core.usgovcloudapi.net", ".blob.storage.azure.net"];

    /// <summary>Whether the address is Azure's: <c>azure://container/path</c>, or a container's web address.</summary>
    public static bool IsAddress(string address) =>
        address.StartsWith("azure://", StringComparison.OrdinalIgnoreCase)
        || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && IsCloud(uri.Host));

    /// <summary>Reads where the container is from the address, the settings and the environment.</summary>
    /// <exception cref="StorageRefusedException">No account is named anywhere.</exception>
    public static AzureAccount Of(BlobLocation location, AzureConnectionString? connection)
    {
        if (!Uri.TryCreate(location.Address, UriKind.Absolute, out var address))
            throw new UnknownBlobStoreException($"`{location.Address}` is not a valid address; write azure://container/path");
        var isWeb = address.Scheme == Uri.UriSchemeHttps;
        var path = Uri.UnescapeDataString(address.AbsolutePath.Trim('/'));
        var (container, prefix) = isWeb ? Split(path) : (address.Host, path);
        if (container.Length == 0)
            throw new UnknownBlobStoreException($"`{location.Address}` names no container; write azure://container/path");
        BlobKeys.Validate(prefix.Length == 0 ? "x" : prefix);
        var name = isWeb ? address.Host.Split('.')[0] : location.Setting("account_name") ?? connection?.Account ?? location.Variable("AZURE_STORAGE_ACCOUNT");
        var service = isWeb ? new Uri(address.GetLeftPart(UriPartial.Authority)) : ServiceOf(location, connection, name);
        return new AzureAccount(name ?? "", service, container, prefix.Length == 0 ? "" : prefix + "/");
    }

    private static Uri ServiceOf(BlobLocation location, AzureConnectionString? connection, string? name)
    {
        // The second is the variable by which Azure's own command line is led to an emulator.
        var given = connection?.BlobEndpoint ?? location.Variable("AZURE_STORAGE_SERVICE_ENDPOINT");
        if (given is null && name is null)
        {
            throw new StorageRefusedException(
                $"{location.Shown(location.Address)}: no storage account is named; set `account_name` (`mlops remote modify NAME account_name ACCOUNT`), AZURE_STORAGE_ACCOUNT or a connection string");
        }

        var text = given ?? $"https://{name}.blob.{connection?.EndpointSuffix ?? "core.windows.net"}";
        return Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var service) && service.Scheme is "http" or "https"
            ? service
            : throw new StorageRefusedException($"{location.Shown(location.Address)}: the blob service's address `{text}` is not a web address");
    }

    private static (string Container, string Prefix) Split(string path) =>
        path.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? (path[..slash], path[(slash + 1)..]) : (path, "");

    private static bool IsCloud(string host) => Clouds.Any(cloud => host.EndsWith(cloud, StringComparison.OrdinalIgnoreCase));
}
