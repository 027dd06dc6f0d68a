namespace Ci.Forges;

/// <summary>Shorthands over <see cref="IAssets"/>.</summary>
public static class AssetsExtensions
{
    /// <summary>Publishes one file and returns its address.</summary>
    public static async Task<Uri> PublishAsync(
        this IAssets assets, string scope, string name, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken ct = default)
    {
        var addresses = await assets.PublishAsync(scope, [new Asset(name, bytes, contentType)], ct);
        return addresses[name];
    }
}
