namespace Ci.EdgeAgent.Sources;

/// <summary>Documents from outside, never more bytes than they may have.</summary>
internal static class BoundedRead
{
    /// <summary>The whole stream; null where it has more bytes than allowed.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, int most, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        var portion = new byte[1 << 14];
        for (int read; (read = await stream.ReadAsync(portion, ct)) > 0;)
        {
            if (buffer.Length + read > most)
                return null;
            buffer.Write(portion, 0, read);
        }

        return buffer.ToArray();
    }
}
