using Ci.Storage;

namespace Ci.Testing.Stores;

/// <summary>Reads by one store what was written by another: how a store that is read-only is held to the conformance suite.</summary>
public sealed class ReadThroughStore(IBlobStore writer, IBlobStore reader) : IBlobStore, IConditionalReads
{
    public string Description => reader.Description;

    public Task<BlobInfo?> StatAsync(string key, CancellationToken ct = default) => reader.StatAsync(key, ct);

    public Task<Stream> OpenReadAsync(string key, long offset = 0, CancellationToken ct = default) => reader.OpenReadAsync(key, offset, ct);

    public Task<Stream> OpenReadIfMatchAsync(string key, string etag, long offset, CancellationToken ct = default) => ((IConditionalReads)reader).OpenReadIfMatchAsync(key, etag, offset, ct);

    public async Task<BlobInfo> PutAsync(string key, Stream content, PutMode mode = PutMode.IfAbsent, CancellationToken ct = default)
    {
        await writer.PutAsync(key, content, mode, ct);
        return await reader.StatAsync(key, ct) ?? throw new ConformanceException($"{key} was put and is not to be read");
    }

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken ct = default) => writer.ListAsync(prefix, ct);

    public Task DeleteAsync(string key, CancellationToken ct = default) => writer.DeleteAsync(key, ct);
}
