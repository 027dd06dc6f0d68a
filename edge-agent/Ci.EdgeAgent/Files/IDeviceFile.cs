namespace Ci.EdgeAgent.Files;

/// <summary>A file open for appending. One writer at a time; not thread-safe.</summary>
internal interface IDeviceFile : IDisposable
{
    long Length { get; }

    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Writes within the file or beyond its end, leaving the rest as it is; several may do so at the same time for parts that do not overlap.</summary>
    void WriteAt(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts the file to the given length; later writes continue there.</summary>
    void Truncate(long length);

    /// <summary>Returns when all bytes written so far would survive a power cut.</summary>
    void Sync();
}
