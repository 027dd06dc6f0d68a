using System.Security.Cryptography;

namespace Ci.Evaluation;

/// <summary>A file that hashes what is written into it, and is flushed to the disk when it is closed.</summary>
internal sealed class HashingWriter(FileStream file) : Stream
{
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
#pragma warning disable CA5351 // DVC names content by MD5; trust is never built on it.
    private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public (string Sha256, string Md5) Digests() => (Convert.ToHexStringLower(this.sha256.GetHashAndReset()), Convert.ToHexStringLower(this.md5.GetHashAndReset()));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        this.sha256.AppendData(buffer);
        this.md5.AppendData(buffer);
        file.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => this.Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // The stream above closes this one; digests are asked for afterwards.
    protected override void Dispose(bool disposing)
    {
        if (disposing && file.CanWrite)
        {
            file.Flush(flushToDisk: true);
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
