namespace Ci.Storage;

/// <summary>Part of a blob on its way; the caller disposes <paramref name="Content"/>.</summary>
/// <param name="Info">The whole blob. A length of -1: the store did not say.</param>
/// <param name="Offset">Where the content begins: what was asked for, or 0 where a server does not know ranges and sends everything.</param>
/// <param name="Content">The bytes. It may go on after the range that was asked for; whoever reads stops by themselves.</param>
public sealed record BlobRange(BlobInfo Info, long Offset, Stream Content) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => this.Content.DisposeAsync();
}
