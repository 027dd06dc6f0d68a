using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Journal;

/// <summary>
/// An append-only file of chained records. <see cref="Append"/> returns when the record is on disk: what it announces may then be done.
/// A tail that was being written when the power went is cut on opening; damage anywhere else is a <see cref="JournalDamagedException"/>.
/// </summary>
internal sealed class DeviceJournal : IDisposable
{
    /// <summary>A journal is rewritten with its last record alone once it has grown past this.</summary>
    public const long CompactAtBytes = 256 * 1024;

    private const long MaxBytes = 4 * 1024 * 1024;
    private readonly IDeviceFiles files;
    private readonly string path;
    private IDeviceFile file;
    private byte[] lastHash;
    private long sequence;

    private DeviceJournal(IDeviceFiles files, string path, IDeviceFile file, Replay replay)
    {
        (this.files, this.path, this.file) = (files, path, file);
        (lastHash, sequence, LastPayload) = (replay.Hash, replay.Sequence, replay.Payload);
        CutBytes = replay.Torn;
    }

    /// <summary>The payload of the last whole record; null in an empty journal.</summary>
    public byte[]? LastPayload { get; private set; }

    /// <summary>How many bytes of a torn tail were cut on opening.</summary>
    public long CutBytes { get; }

    public static DeviceJournal Open(IDeviceFiles files, string path)
    {
        files.Delete(path + DurableFile.TemporarySuffix);
        var bytes = ReadAll(files, path);
        var replay = Read(bytes, path);
        var isNew = files.Length(path) is null;
        var opened = files.OpenAppend(path);
        try
        {
            if (replay.Torn > 0)
            {
                opened.Truncate(bytes.Length - replay.Torn);
                opened.Sync();
            }

            if (isNew)
                files.SyncFolder(Path.GetDirectoryName(path)!);
            return new DeviceJournal(files, path, opened, replay);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public void Append(ReadOnlySpan<byte> payload)
    {
        if (file.Length > CompactAtBytes && LastPayload is { } last)
            Compact(last);
        var before = file.Length;
        var record = JournalRecord.Encode(sequence + 1, lastHash, payload);
        try
        {
            file.Write(record);
            file.Sync();
        }
        catch (IOException)
        {
            // A full disk must not leave half a record under the next one.
            file.Truncate(before);
            throw;
        }

        sequence++;
        lastHash = JournalRecord.Hash(record);
        LastPayload = payload.ToArray();
    }

    public void Dispose() => file.Dispose();

    private void Compact(byte[] last)
    {
        var first = JournalRecord.Encode(sequence, new byte[32], last);
        DurableFile.Replace(files, path, first);
        file.Dispose();
        file = files.OpenAppend(path);
        lastHash = JournalRecord.Hash(first);
    }

    private static byte[] ReadAll(IDeviceFiles files, string path)
    {
        try
        {
            return DurableFile.Read(files, path, MaxBytes) ?? [];
        }
        catch (InvalidDataException error)
        {
            throw new JournalDamagedException($"the journal {path} is damaged: {error.Message}");
        }
    }

    private static Replay Read(byte[] bytes, string path)
    {
        var replay = new Replay(new byte[32], 0, null, 0);
        for (var at = 0; at < bytes.Length;)
        {
            var rest = bytes.AsSpan(at);
            if (!JournalRecord.HasHeader(rest, out var number, out var length) || rest.Length < JournalRecord.HeaderBytes + length)
                return HasRecordAfter(rest) ? throw Damaged(path, at, "its header is wrong and whole records follow") : replay with { Torn = rest.Length };

            var record = rest[..(JournalRecord.HeaderBytes + length)];
            if (!JournalRecord.PayloadIsWhole(record))
            {
                return rest.Length == record.Length
                    ? replay with { Torn = rest.Length }
                    : throw Damaged(path, at, "its payload fails its checksum and more records follow");
            }

            var chained = JournalRecord.Previous(record).SequenceEqual(replay.Hash) && (replay.Payload is null || number == replay.Sequence + 1);
            if (!chained)
                throw Damaged(path, at, "it does not continue the record before it");
            replay = new Replay(JournalRecord.Hash(record), number, record[JournalRecord.HeaderBytes..].ToArray(), 0);
            at += record.Length;
        }

        return replay;
    }

    private static bool HasRecordAfter(ReadOnlySpan<byte> rest)
    {
        for (var at = 1; at + JournalRecord.HeaderBytes <= rest.Length; at++)
        {
            if (JournalRecord.HasHeader(rest[at..], out _, out _))
                return true;
        }

        return false;
    }

    private static JournalDamagedException Damaged(string path, int at, string why) =>
        new($"the journal {path} is damaged in the record at byte {at}: {why}; `edge-agent resume` sets it aside and begins a new one from the current pointer");

    private sealed record Replay(byte[] Hash, long Sequence, byte[]? Payload, long Torn);
}
