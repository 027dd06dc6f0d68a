namespace Ci.Storage;

/// <summary>Reads what is to be stored; a source that breaks is the caller's failure, told in the room's words.</summary>
internal static class PutContent
{
    /// <summary>Up to so many bytes; fewer only at the end.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream content, int most, string key, CancellationToken ct)
    {
        try
        {
            var buffer = new byte[most];
            var length = await content.ReadAtLeastAsync(buffer, most, throwOnEndOfStream: false, ct);
            return buffer.AsMemory(0, length);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            throw new StorageUnavailableException($"the content of `{key}` cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Copies an answer that fits into memory.</summary>
    public static async Task CopyAsync(Stream answer, MemoryStream target, string description, CancellationToken ct)
    {
        const int most = 64 << 20;
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await answer.ReadAsync(buffer, ct)) > 0)
            {
                if (target.Length + read > most)
                    throw new StorageRefusedException($"{description} answered more than {most >> 20} MiB where a page of a list was expected");
                target.Write(buffer, 0, read);
            }
        }
        catch (IOException error)
        {
            throw new StorageUnavailableException($"the answer of {description} broke off: {error.Message}", error);
        }
    }
}
