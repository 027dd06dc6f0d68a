namespace Ci.Forges;

/// <summary>
/// Files (pictures of reports) kept beside the repository, visible to whoever may see it. Each belongs to a scope (see
/// <see cref="AssetScope"/>) and goes with it.
/// </summary>
public interface IAssets
{
    /// <summary>
    /// Publishes files and returns the address of each by <see cref="Asset.Name"/>. Named by content (SHA-256): the same bytes are
    /// stored once a scope, and an address never changes its bytes. Idempotent, retried. Files beyond what the forge takes within a
    /// minute (many large pictures) are left out of the answer: whoever asked shows them another way and says so.
    /// </summary>
    /// <exception cref="ForgeRefusedException">The token may not write contents.</exception>
    Task<IReadOnlyDictionary<string, Uri>> PublishAsync(string scope, IReadOnlyList<Asset> assets, CancellationToken ct = default);

    /// <summary>
    /// Removes what was published for the scope; the addresses may serve for a while until the forge has swept. Idempotent, retried.
    /// </summary>
    /// <returns>How many things were removed; 0 where nothing was there.</returns>
    /// <exception cref="ForgeRefusedException">The token may not write contents.</exception>
    Task<int> PruneAsync(string scope, CancellationToken ct = default);
}
