using System.IO.Compression;
using System.Security.Cryptography;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>Writes one part beside its place, hashing what it writes, and puts it there only in the end. The same rows give the same bytes: gzip's header says no time and no name.</summary>
internal sealed class PartWriter : IDisposable
{
    private readonly string path;
    private readonly string temporary;
    private readonly HashingWriter file;
    private readonly Stream stream;
    private bool isClosed;

    public PartWriter(string folder, string name, bool gzip, ReadOnlyMemory<byte> header)
    {
        this.FileName = name + (gzip ? ".csv.gz" : ".csv");
        this.path = Path.Combine(folder, this.FileName);
        this.temporary = Path.Combine(folder, $".{this.FileName}.{Guid.NewGuid():N}.tmp");
        this.file = new HashingWriter(new FileStream(this.temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0));
        this.stream = new BufferedStream(gzip ? new GZipStream(this.file, CompressionLevel.Optimal) : this.file, 1 << 17);
        this.Write(header.Span);
    }

    public string FileName { get; }

    public long Rows { get; private set; }

    /// <summary>By class, where they are counted.</summary>
    public Dictionary<string, long> Classes { get; } = new(StringComparer.Ordinal);

    public void Add(CsvRows rows)
    {
        this.Write(rows.Raw);
        this.Rows++;
    }

    /// <summary>Ends the temporary file and says what it holds.</summary>
    public (string Sha256, string Md5) Close()
    {
        this.isClosed = true;
        this.stream.Dispose();
        return this.file.Digests();
    }

    /// <summary>Puts the file in its place; <see cref="Close"/> comes first.</summary>
    public void Commit() => File.Move(this.temporary, this.path, overwrite: true);

    public void Dispose()
    {
        if (!this.isClosed)
            this.stream.Dispose();
        this.file.Dispose();
        File.Delete(this.temporary);
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        this.stream.Write(line);
        this.stream.WriteByte((byte)'\n');
    }
}
