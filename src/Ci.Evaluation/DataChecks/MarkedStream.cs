namespace Ci.Evaluation;

/// <summary>A stream followed by some bytes. The inner stream is not disposed.</summary>
internal sealed class MarkedStream(Stream inner, byte[] mark) : Stream
{
    private bool isOver;
    private int at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (!this.isOver)
        {
            var count = inner.Read(buffer);
            if (count > 0 || buffer.IsEmpty)
                return count;
            this.isOver = true;
        }

        var rest = Math.Min(buffer.Length, mark.Length - this.at);
        mark.AsSpan(this.at, rest).CopyTo(buffer);
        this.at += rest;
        return rest;
    }

    public override int Read(byte[] buffer, int offset, int count) => this.Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
