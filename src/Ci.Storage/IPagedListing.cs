namespace Ci.Storage;

/// <summary>A store that lists a page a request, so that a page which did not arrive can be asked for again.</summary>
public interface IPagedListing
{
    /// <summary>A page of the blobs whose key begins with the prefix.</summary>
    /// <param name="prefix">As in <see cref="IBlobStore.ListAsync"/>.</param>
    /// <param name="next">Null for the first page, else <see cref="BlobPage.Next"/> of the page before.</param>
    /// <param name="ct">Ends the request.</param>
    Task<BlobPage> ListPageAsync(string prefix, string? next, CancellationToken ct = default);
}
