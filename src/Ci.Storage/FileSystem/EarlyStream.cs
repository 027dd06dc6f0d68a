namespace Ci.Storage.FileSystem;

/// <summary>
/// A file being written whose bytes the kernel is asked to bring to the disk while more of them come: the flush at the end of a large
/// file then waits for the last few only.
/// </summary>
internal sealed class EarlyStream(FileStream inner) : Stream
{
    private const long EveryBytes = 16 << 20;
    private const uint StartWriting = 2; // SYNC_FILE_RANGE_WRITE

    private long begun;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        this.Begin();
    }

    public override void Write(byte[] buffer, int offset, int count) => this.Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        this.Begin();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        this.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    // A hint: a file system that does not know it writes when it likes.
    private void Begin()
    {
        if (inner.Position - this.begun < EveryBytes)
            return;
        _ = Posix.SyncFileRange((int)inner.SafeFileHandle.DangerousGetHandle(), this.begun, inner.Position - this.begun, StartWriting);
        this.begun = inner.Position;
    }
}
