namespace Ci.Data;

/// <summary>How far a transfer is. Written by many tasks, read by whoever shows it.</summary>
public sealed class TransferProgress
{
    private long bytes;
    private long expectedBytes;
    private int files;
    private int expectedFiles;

    /// <summary>Bytes that crossed so far.</summary>
    public long Bytes => Interlocked.Read(ref this.bytes);

    /// <summary>Bytes that are known to have to cross; more may turn up.</summary>
    public long ExpectedBytes => Interlocked.Read(ref this.expectedBytes);

    public int Files => this.files;

    public int ExpectedFiles => this.expectedFiles;

    internal void Expect(int files, long bytes)
    {
        Interlocked.Add(ref this.expectedFiles, files);
        Interlocked.Add(ref this.expectedBytes, bytes);
    }

    internal void Moved(long count) => Interlocked.Add(ref this.bytes, count);

    internal void Done(int count = 1) => Interlocked.Add(ref this.files, count);
}
