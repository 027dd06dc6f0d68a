using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Journal;

/// <summary>
/// An append-only file of chained records. <see cref="Append"/> returns when the record is on disk: what it announces may then be done.
/// A tail that is no whole record is cut on opening (<see cref="JournalReplay.LostRecord"/> tells whether one was); damage anywhere else is a <see cref="JournalDamagedException"/>.
/// </summary>
internal sealed class DeviceJournal : IDisposable
{
    /// <summary>A journal is rewritten with its last record alone once it has grown past this.</summary>
    public const long CompactAtBytes = 256 * 1024;

    private readonly IDeviceFiles files;
    private readonly string path;
    private readonly long compactAt;
    private JournalReplay end;
    private IDeviceFile? file;
    private bool isStale;

    private DeviceJournal(IDeviceFiles files, string path, long compactAt)
    {
        (this.files, this.path, this.compactAt) = (files, path, compactAt);
        end = JournalReplay.Of(files, path);
    }

    /// <summary>The payload of the last whole record; null in an empty journal.</summary>
    public byte[]? LastPayload => end.Payload;

    private string Folder => Path.GetDirectoryName(path)!;

    /// <summary>
    /// When it returns, what <see cref="LastPayload"/> says is durable: a process that was only killed may have left a record, or a name,
    /// that this one can read and a power cut would still take away.
    /// </summary>
    public static DeviceJournal Open(IDeviceFiles files, string path, long compactAt = CompactAtBytes)
    {
        files.Delete(path + DurableFile.TemporarySuffix);
        var journal = new DeviceJournal(files, path, compactAt);
        try
        {
            journal.Writable().Sync();
            files.SyncFolder(journal.Folder);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    public void Append(ReadOnlySpan<byte> payload)
    {
        if (isStale || (end.WholeBytes > compactAt && LastPayload is not null))
            Compact();
        var record = JournalRecord.Encode(end.Sequence + 1, end.Hash, payload);
        var writable = Writable();
        try
        {
            writable.Write(record);
            writable.Sync();
        }
        catch (IOException)
        {
            TryCut(writable);
            throw;
        }

        end = new JournalReplay(JournalRecord.Hash(record), end.Sequence + 1, payload.ToArray(), end.WholeBytes + record.Length, 0);
    }

    public void Dispose() => file?.Dispose();

    /// <summary>
    /// The file is closed first (an open one cannot be replaced everywhere). Where replacing fails, old or new may lie there, and its name may
    /// not be durable: nothing is appended before both are settled, or a power cut could take what is appended with it.
    /// </summary>
    private void Compact()
    {
        file?.Dispose();
        file = null;
        if (isStale)
        {
            end = JournalReplay.Of(files, path);
            Writable().Sync();
            files.SyncFolder(Folder);
        }

        isStale = true;
        if (end.WholeBytes > compactAt)
        {
            file?.Dispose();
            file = null;
            var first = JournalRecord.Encode(end.Sequence, new byte[JournalRecord.HashBytes], end.Payload);
            DurableFile.Replace(files, path, first);
            end = new JournalReplay(JournalRecord.Hash(first), end.Sequence, end.Payload, first.Length, 0);
        }

        isStale = false;
    }

    /// <summary>The file, ending with its last whole record: a tail that was torn, or that a failed append left, is cut.</summary>
    private IDeviceFile Writable()
    {
        file ??= files.OpenAppend(path);
        if (file.Length != end.WholeBytes)
            file.Truncate(end.WholeBytes);
        return file;
    }

    // A full disk must not leave half a record under the next one; where even cutting fails, the next append begins with it.
    private void TryCut(IDeviceFile writable)
    {
        try
        {
            writable.Truncate(end.WholeBytes);
        }
        catch (IOException)
        {
            file?.Dispose();
            file = null;
        }
    }
}
