using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Journal;

/// <summary>What a journal file says: its last whole record, where the next one goes, and how long a tail is that is none.</summary>
internal sealed record JournalReplay(byte[] Hash, long Sequence, byte[]? Payload, long WholeBytes, long TornBytes)
{
    private const int SectorBytes = 512;

    /// <summary>A journal is rewritten long before it has so many bytes; more is not ours.</summary>
    public const long MaxBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Why the tail is no torn one: a record that was whole, and is not any more. Null where it may have been torn, and nobody relied on it.
    /// </summary>
    public string? LostRecord { get; private init; }

    /// <summary>Reads a journal; one that is not there is empty.</summary>
    /// <exception cref="JournalDamagedException">A record before the last is damaged.</exception>
    public static JournalReplay Of(IDeviceFiles files, string path)
    {
        try
        {
            return Read(DurableFile.Read(files, path, MaxBytes) ?? [], path);
        }
        catch (InvalidDataException error)
        {
            throw new JournalDamagedException($"the journal {path} is damaged: {error.Message}");
        }
    }

    public static JournalReplay Read(ReadOnlySpan<byte> bytes, string path)
    {
        var replay = new JournalReplay(new byte[JournalRecord.HashBytes], 0, null, 0, 0);
        while (replay.WholeBytes < bytes.Length)
        {
            var rest = bytes[(int)replay.WholeBytes..];
            var hasHeader = JournalRecord.HasHeader(rest, out var number, out var length);
            if (!hasHeader || rest.Length < JournalRecord.HeaderBytes + length)
                return HasRecordAfter(rest) ? throw Damaged(path, replay, "its header is wrong and whole records follow") : WithTail(replay, rest, hasHeader ? null : JournalRecord.HeaderBytes, path);

            var record = rest[..(JournalRecord.HeaderBytes + length)];
            if (!JournalRecord.PayloadIsWhole(record))
            {
                return rest.Length == record.Length || !HasRecordAfter(rest)
                    ? WithTail(replay, rest, record.Length, path)
                    : throw Damaged(path, replay, "its payload fails its checksum and more records follow");
            }

            var chained = JournalRecord.Previous(record).SequenceEqual(replay.Hash) && (replay.Payload is null ? number > 0 : number == replay.Sequence + 1);
            if (!chained)
                throw Damaged(path, replay, "it does not continue the record before it");
            replay = new JournalReplay(JournalRecord.Hash(record), number, record[JournalRecord.HeaderBytes..].ToArray(), replay.WholeBytes + record.Length, 0);
        }

        return replay;
    }

    /// <summary>
    /// A write that was cut off is short, or where the length came to the medium before the bytes, has sectors of zeros; no sector of a record
    /// is all zeros. What is as long as it says and has no such hole was written to its end, and changed afterwards.
    /// </summary>
    private static JournalReplay WithTail(JournalReplay before, ReadOnlySpan<byte> rest, int? needed, string path)
    {
        var wasWhole = needed <= rest.Length && !HasHole(rest[..needed.Value], before.WholeBytes);
        return before with
        {
            TornBytes = rest.Length,
            LostRecord = wasWhole
                ? $"the last record of the journal {path} (at byte {before.WholeBytes}) was damaged after it was written; it is cut, and the device goes on from the one before: have the disk examined"
                : null,
        };
    }

    private static bool HasHole(ReadOnlySpan<byte> record, long at)
    {
        for (var from = 0; from < record.Length;)
        {
            var to = Math.Min(record.Length, from + SectorBytes - (int)((at + from) % SectorBytes));
            if (!record[from..to].ContainsAnyExcept((byte)0))
                return true;
            from = to;
        }

        return false;
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

    private static JournalDamagedException Damaged(string path, JournalReplay before, string why) => new(
        $"the journal {path} is damaged in the record at byte {before.WholeBytes}: {why}; `edge-agent resume` sets it aside and begins a new one from the current pointer",
        before.Payload);
}
