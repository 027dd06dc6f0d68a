using System.Runtime.InteropServices;

namespace Ci.Evaluation;

/// <summary>
/// Keys of rows in sorted order, for any number of rows: sorted in memory up to a bound, beyond it in runs on the disk that are merged in the
/// end. So duplicates, ranks and cuts are exact however large the table is. The file is nameless or gone once this is disposed.
/// </summary>
internal sealed class KeyRuns : IDisposable
{
    private const int ReadAhead = 1 << 12;

    private readonly int runLength;
    private readonly List<(long Offset, int Count)> runs = [];
    private RowKey[] buffer = new RowKey[1 << 10];
    private int used;
    private FileStream? file;

    /// <summary>No key yet.</summary>
    /// <param name="runLength">Keys held in memory (24 bytes each).</param>
    public KeyRuns(int runLength = 1 << 20) => this.runLength = runLength;

    /// <summary>Keys added.</summary>
    public long Count { get; private set; }

    public void Add(RowKey key)
    {
        if (this.used == this.buffer.Length)
        {
            if (this.used >= this.runLength)
                this.Spill();
            else
                Array.Resize(ref this.buffer, Math.Min(this.runLength, this.used * 2));
        }

        this.buffer[this.used++] = key;
        this.Count++;
    }

    /// <summary>All keys in ascending order; nothing may be added afterwards.</summary>
    public IEnumerable<RowKey> Sorted()
    {
        if (this.runs.Count == 0)
        {
            Array.Sort(this.buffer, 0, this.used);
            return this.buffer.Take(this.used);
        }

        if (this.used > 0)
            this.Spill();
        this.file!.Flush();
        return this.Merged();
    }

    public void Dispose() => this.file?.Dispose();

    private void Spill()
    {
        this.file ??= new FileStream(
            Path.Combine(Path.GetTempPath(), $"mlops-{Guid.NewGuid():N}.keys"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        Array.Sort(this.buffer, 0, this.used);
        this.runs.Add((this.file.Position, this.used));
        this.file.Write(MemoryMarshal.AsBytes(this.buffer.AsSpan(0, this.used)));
        this.used = 0;
    }

    private IEnumerable<RowKey> Merged()
    {
        var heads = new PriorityQueue<IEnumerator<RowKey>, RowKey>();
        foreach (var (offset, count) in this.runs)
        {
            var run = this.Read(offset, count).GetEnumerator();
            if (run.MoveNext())
                heads.Enqueue(run, run.Current);
        }

        while (heads.TryDequeue(out var run, out var key))
        {
            yield return key;
            if (run.MoveNext())
                heads.Enqueue(run, run.Current);
        }
    }

    private IEnumerable<RowKey> Read(long offset, int count)
    {
        var part = new RowKey[Math.Min(ReadAhead, count)];
        for (var done = 0; done < count;)
        {
            var take = Math.Min(part.Length, count - done);
            RandomAccessRead(this.file!, offset + ((long)done * RowKey.Bytes), part.AsSpan(0, take));
            for (var i = 0; i < take; i++)
                yield return part[i];
            done += take;
        }
    }

    private static void RandomAccessRead(FileStream file, long offset, Span<RowKey> keys)
    {
        var bytes = MemoryMarshal.AsBytes(keys);
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(file.SafeFileHandle, bytes, offset);
            if (read == 0)
                throw new EvaluationException("a scratch file of this run was cut short; look for space in the temporary folder (TMPDIR)");
            bytes = bytes[read..];
            offset += read;
        }
    }
}
