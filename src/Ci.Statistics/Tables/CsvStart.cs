namespace Ci.Statistics;

/// <summary>
/// A stream that looks at the first bytes of what passes through: other formats and encodings, which would come out as some strange
/// table or be read without a word, are named instead.
/// </summary>
internal sealed class CsvStart(Stream inner, string name) : Stream
{
    private bool seen;

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
        if (this.seen)
            return inner.Read(buffer);
        this.seen = true;
        var count = inner.ReadAtLeast(buffer, Math.Min(8, buffer.Length), throwOnEndOfStream: false);
        if (Refusal(buffer[..count]) is { } what)
            throw new TableException($"{name}: {what}");
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => this.Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static string? Refusal(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "this is a Parquet file, which is not supported; write the table as CSV (or CSV under gzip)",
        [(byte)'P', (byte)'K', 3, 4, ..] => "this is a zip archive (or a spreadsheet), not CSV; unpack it, or export the sheet as CSV in UTF-8",
        [0x1f, 0x8b, ..] => "under one layer of gzip lies another; unpack it once",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "this is zstd data, which is not read; unpack it, or pack it with gzip",
        [0xff, 0xfe, ..] or [0xfe, 0xff, ..] => "it is UTF-16 text; save it as UTF-8",
        _ => null,
    };
}
