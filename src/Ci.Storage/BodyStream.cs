using System.Security.Cryptography;

namespace Ci.Storage;

/// <summary>
/// A blob's bytes as they come over the network: a connection that falls silent is an <see cref="IOException"/> like one that breaks, and
/// where the store said an MD5 the end is only reached if it fits.
/// </summary>
internal sealed class BodyStream : Stream
{
    private readonly Stream inner;
    private readonly IDisposable owner;
    private readonly TimeSpan patience;
    private readonly string what;
    private readonly byte[]? wanted;
    private readonly IncrementalHash? hash;
    private CancellationTokenSource timer = new();

    /// <summary>Wraps the body of an answer.</summary>
    /// <param name="inner">The bytes.</param>
    /// <param name="owner">Disposed with the stream.</param>
    /// <param name="patience">The longest silence.</param>
    /// <param name="what">The blob and its store, for messages.</param>
    /// <param name="md5">What all bytes together must hash to; null: not known.</param>
    public BodyStream(Stream inner, IDisposable owner, TimeSpan patience, string what, byte[]? md5 = null)
    {
        (this.inner, this.owner, this.patience, this.what, this.wanted) = (inner, owner, patience, what, md5);
#pragma warning disable CA5351 // The stores' own check against damage on the way
        this.hash = md5 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!this.timer.TryReset())
        {
            this.timer.Dispose();
            this.timer = new CancellationTokenSource();
        }

        this.timer.CancelAfter(this.patience);
        await using var asked = cancellationToken.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), this.timer);
        try
        {
            var read = await this.inner.ReadAsync(buffer, this.timer.Token);
            this.timer.CancelAfter(Timeout.InfiniteTimeSpan);
            this.Check(buffer.Span[..read], atEnd: read == 0 && buffer.Length > 0);
            return read;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{this.what}: nothing came for {this.patience.TotalSeconds:0} s", error);
        }
        catch (HttpRequestException error)
        {
            throw new IOException($"{this.what}: {error.Message}", error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        this.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = this.inner.Read(buffer, offset, count);
        this.Check(buffer.AsSpan(offset, read), atEnd: read == 0 && count > 0);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            this.inner.Dispose();
            this.owner.Dispose();
            this.hash?.Dispose();
            this.timer.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check(ReadOnlySpan<byte> bytes, bool atEnd)
    {
        this.hash?.AppendData(bytes);
        if (atEnd && this.wanted is not null && !this.hash!.GetCurrentHash().AsSpan().SequenceEqual(this.wanted))
            throw new IOException($"{this.what}: the bytes that came are not those that were stored (their MD5 differs)");
    }
}
