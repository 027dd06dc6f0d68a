namespace Ci.Forges;

/// <summary>Files (pictures of reports) kept beside the repository, visible to whoever may see it.</summary>
public interface IAssets
{
    /// <summary>
    /// Publishes files and returns the address of each by <see cref="Asset.Name"/>. Named by content (SHA-256): the same bytes are
    /// stored once, and an address never changes its bytes. Idempotent, retried; all files of a call go in one commit.
    /// </summary>
    /// <exception cref="ForgeRefusedException">The token may not write contents.</exception>
    Task<IReadOnlyDictionary<string, Uri>> PublishAsync(IReadOnlyList<Asset> assets, CancellationToken ct = default);
}
