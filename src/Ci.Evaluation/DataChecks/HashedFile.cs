using System.Security.Cryptography;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>A file as a stream that hashes what passes.</summary>
internal sealed class HashedFile : Stream
{
    private readonly FileStream file;
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? md5;
    private byte[]? digest;
    private byte[]? md5Digest;

    private HashedFile(FileStream file, bool withMd5, bool isGzip)
    {
        this.file = file;
        this.IsGzip = isGzip;
#pragma warning disable CA5351 // DVC names content by MD5; trust is never built on it.
        this.md5 = withMd5 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
#pragma warning restore CA5351
    }

    public bool IsGzip { get; }

    public string Sha256 => Convert.ToHexStringLower(this.digest ??= this.sha256.GetHashAndReset());

    public string? Md5 => this.md5 is null ? null : Convert.ToHexStringLower(this.md5Digest ??= this.md5.GetHashAndReset());

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static HashedFile Open(string shown, string fullPath, bool withMd5)
    {
        try
        {
            var opened = new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
            Span<byte> magic = stackalloc byte[2];
            var isZipped = RandomAccess.Read(opened.SafeFileHandle, magic, 0) == 2 && magic is [0x1f, 0x8b];
            return new HashedFile(opened, withMd5, isZipped);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EvaluationException($"{shown}: there is no such file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{shown}: it cannot be read{(Directory.Exists(fullPath) ? ": it is a folder" : $": {error.Message}")}", error);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var count = this.file.Read(buffer);
        this.sha256.AppendData(buffer[..count]);
        this.md5?.AppendData(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => this.Read(buffer.AsSpan(offset, count));

    /// <summary>Reads to the end. What a gzip reader has left unread is only seen here.</summary>
    public void Drain(string shown)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (this.Read(buffer) > 0)
            {
            }
        }
        catch (IOException error)
        {
            throw new EvaluationException($"{shown}: it cannot be read: {error.Message}", error);
        }
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
            this.file.Dispose();
            this.sha256.Dispose();
            this.md5?.Dispose();
        }

        base.Dispose(disposing);
    }
}
