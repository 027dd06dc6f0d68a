namespace Ci.EdgeAgent.Files;

/// <summary>A file open for writing. One writer at a time, but for <see cref="WriteAt"/>.</summary>
internal interface IDeviceFile : IDisposable
{
    long Length { get; }

    /// <summary>Writes at the end.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Writes at an offset; what lies between the old end and the offset reads as zeros. Several may do so at the same time for parts that do not overlap.</summary>
    void WriteAt(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts the file to the given length; later writes continue there.</summary>
    void Truncate(long length);

    /// <summary>
    /// Returns when all bytes written so far would survive a power cut. Where it throws, they may never: the kernel forgets what it could not
    /// write, and a second call that succeeds proves nothing about them. Write them again.
    /// </summary>
    void Sync();
}
