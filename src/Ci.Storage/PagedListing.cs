using System.Runtime.CompilerServices;

namespace Ci.Storage;

/// <summary>Follows the pages of a list.</summary>
internal static class PagedListing
{
    public static async IAsyncEnumerable<BlobInfo> AllAsync(Func<string?, CancellationToken, Task<BlobPage>> page, [EnumeratorCancellation] CancellationToken ct)
    {
        string? next = null;
        do
        {
            var some = await page(next, ct);
            foreach (var blob in some.Blobs)
                yield return blob;
            // A store that answers with the same continuation for ever must not keep us for ever.
            if (some.Next is not null && some.Next == next)
                throw new StorageUnavailableException("the store repeats itself while listing; try again");
            next = some.Next;
        }
        while (next is not null);
    }
}
