using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>
/// A CSV file, plain or under gzip, read row by row; reading, unpacking and hashing go on in the background while rows are looked at. What is
/// hashed is what is parsed: the file is read once.
/// </summary>
internal sealed class DataSource : IDisposable
{
    private readonly HashedFile file;
    private readonly ReadAheadStream ahead;

    private DataSource(string shown, HashedFile file, ReadAheadStream ahead, CsvRows rows) =>
        (this.Path, this.file, this.ahead, this.Rows) = (shown, file, ahead, rows);

    /// <summary>As documents show it.</summary>
    public string Path { get; }

    public CsvRows Rows { get; }

    /// <summary>SHA-256 of the file's bytes as they lie there. Known once <see cref="Finish"/> was called.</summary>
    public string Sha256 => this.file.Sha256;

    /// <summary>The same by MD5, as DVC names content.</summary>
    public string? Md5 => this.file.Md5;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="EvaluationException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="TableException">It is no CSV.</exception>
    public static DataSource Open(string shown, string fullPath, bool withMd5 = false)
    {
        var hashed = HashedFile.Open(shown, fullPath, withMd5);
        ReadAheadStream? background = null;
        try
        {
            background = new ReadAheadStream(hashed.IsGzip ? new WholeGzip(hashed) : hashed);
            return new DataSource(DataFile.Shown(shown), hashed, background, CsvRows.Open(background, DataFile.Shown(shown)));
        }
        catch
        {
            background?.Dispose();
            hashed.Dispose();
            throw;
        }
    }

    /// <summary>After the last row: reads what may follow, so that the digest is that of the whole file.</summary>
    /// <exception cref="TableException">There was no row, or the compressed data ends too early.</exception>
    public CheckedData Finish()
    {
        if (this.Rows.Row == 0)
            throw new TableException($"{this.Path}: there are no rows below the header");
        this.ahead.Dispose();
        this.file.Drain(this.Path);
        return new CheckedData { Path = this.Path, Sha256 = this.Sha256, Rows = this.Rows.Row, Columns = this.Rows.Columns.Count };
    }

    public void Dispose()
    {
        this.Rows.Dispose();
        this.ahead.Dispose();
        this.file.Dispose();
    }
}
