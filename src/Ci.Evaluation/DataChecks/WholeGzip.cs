using System.IO.Compression;

namespace Ci.Evaluation;

/// <summary>
/// Gzip data that must be whole. .NET's reader takes data that break off for data that end, and half a table would pass for a table. So a further
/// member with a mark of our own is read after the file's: only a reader that came to the file's end in good order comes upon it.
/// </summary>
internal sealed class WholeGzip : Stream
{
    private static readonly byte[] Mark = [0, (byte)'w', (byte)'h', (byte)'o', (byte)'l', (byte)'e', 0, 0xff];

    private readonly GZipStream unpacked;
    private readonly byte[] held = new byte[Mark.Length];
    private byte[] buffer = [];
    private int holds;

    public WholeGzip(Stream packed) => this.unpacked = new GZipStream(new MarkedStream(packed, Packed()), CompressionMode.Decompress);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads on; 0 only where the data ended in good order.</summary>
    /// <exception cref="InvalidDataException">The data are damaged, or break off.</exception>
    public override int Read(Span<byte> target)
    {
        if (this.buffer.Length < target.Length + Mark.Length)
            this.buffer = new byte[target.Length + Mark.Length];
        while (true)
        {
            // The last bytes read are held back: they may be the mark.
            this.held.AsSpan(0, this.holds).CopyTo(this.buffer);
            var count = this.unpacked.Read(this.buffer.AsSpan(this.holds, target.Length));
            if (count == 0)
            {
                return this.holds == Mark.Length && this.held.AsSpan().SequenceEqual(Mark)
                    ? 0
                    : throw new InvalidDataException("they break off, or other bytes follow them");
            }

            var all = this.holds + count;
            var free = Math.Max(0, all - Mark.Length);
            this.holds = all - free;
            this.buffer.AsSpan(free, this.holds).CopyTo(this.held);
            if (free == 0)
                continue;
            this.buffer.AsSpan(0, free).CopyTo(target);
            return free;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => this.Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            this.unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Packed()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Mark);
        return packed.ToArray();
    }
}
