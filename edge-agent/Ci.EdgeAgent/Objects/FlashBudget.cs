using System.Globalization;
using System.Text.Json;
using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Objects;

/// <summary>
/// Counts what the agent writes and says when a day's budget is spent. What an update will write is on disk as counted before its first byte is
/// fetched, so that a power cut makes the count too high and never too low; small writes in between are put down each mebibyte. Thread-safe.
/// </summary>
/// <remarks>
/// A clock that jumps: the counted day never goes back, so a device that starts in 1970 until it finds a time server does not begin a new
/// day with every start. One whose clock was once far in the future is not locked out either: 24 hours of running end a day, too.
/// </remarks>
internal sealed class FlashBudget
{
    private const long PersistEachBytes = 1024 * 1024;
    private const double DaySeconds = 86_400;
    private readonly Lock gate = new();
    private readonly IDeviceFiles files;
    private readonly string path;
    private readonly long perDay;
    private readonly TimeProvider time;
    private readonly ImportNotes imports;
    private readonly Dictionary<string, long> reserved = new(StringComparer.Ordinal);
    private WriteCount count;
    private long unsaved;
    private long since;

    /// <summary>Goes on from the count on disk.</summary>
    /// <param name="files">The disk itself: what is written to keep the count is counted here.</param>
    /// <param name="data">The agent's data folder.</param>
    /// <param name="perDay">Bytes a day; 0 is without limit.</param>
    /// <param name="time">Wall clock and uptime.</param>
    public FlashBudget(IDeviceFiles files, string data, long perDay, TimeProvider time)
    {
        (this.files, path, this.perDay, this.time) = (files, PathIn(data), perDay, time);
        imports = new ImportNotes(files, data);
        count = Begin();
        since = time.GetTimestamp();
    }

    /// <summary>What a data folder's file says; a lost count is no reason to stop updating.</summary>
    public static WriteCount ReadCount(IDeviceFiles files, string data)
    {
        try
        {
            var read = DurableFile.Read(files, PathIn(data), 4096) is { } bytes ? JsonSerializer.Deserialize(bytes, AgentJson.Default.WriteCount) : null;
            return read is { Schema: WriteCount.SchemaName, Bytes: >= 0, Day: >= 0, UptimeSeconds: >= 0 } ? read : WriteCount.None;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            return WriteCount.None;
        }
    }

    /// <summary>Days since 1970 (UTC).</summary>
    public static long DayOf(TimeProvider time) => (long)Math.Floor((time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalDays);

    public static string Shown(long day) =>
        day is >= 0 and < 2_900_000 ? DateTimeOffset.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "unknown";

    /// <summary>Today's count; null where there is no budget, and none is kept.</summary>
    public WriteCount? Count
    {
        get
        {
            lock (gate)
                return perDay > 0 ? Today() : null;
        }
    }

    /// <summary>Something was written; what an update reserved is used up first.</summary>
    public void Written(long bytes)
    {
        lock (gate)
        {
            Add(bytes - Cover(bytes));
            if (perDay > 0 && unsaved >= PersistEachBytes)
                TrySave();
        }
    }

    /// <summary>Counts what an update will write, on disk, before it does; where the day's budget does not hold it, why not.</summary>
    public string? Reserve(string owner, long bytes)
    {
        lock (gate)
        {
            if (perDay == 0)
                return null;
            CountImports();
            GiveBack(owner);
            var today = Today();
            if (bytes > perDay)
                return $"it would write {bytes} bytes; `quota.writeBytesPerDay` allows {perDay} a day, so it never fits: raise it or release a smaller model";
            if (today.Bytes + bytes > perDay)
                return $"it would write {bytes} bytes; of {perDay} a day {today.Bytes} are written on {Shown(today.Day)}: it waits for the next day";
            Add(bytes);
            reserved[owner] = bytes;
            Save();
            return null;
        }
    }

    /// <summary>An update ended: what it reserved and did not write is free again.</summary>
    public void Settle(string owner)
    {
        lock (gate)
        {
            if (GiveBack(owner))
                TrySave();
        }
    }

    private static string PathIn(string data) => Path.Combine(data, "quota", "written");

    private bool GiveBack(string owner)
    {
        if (!reserved.Remove(owner, out var left) || left == 0)
            return false;
        Add(-left);
        return true;
    }

    // Whose bytes they were is not known here; what one owner used of another's is made up for when that one writes.
    private long Cover(long bytes)
    {
        var covered = 0L;
        foreach (var owner in reserved.Keys.ToList())
        {
            var part = Math.Min(bytes - covered, reserved[owner]);
            reserved[owner] -= part;
            covered += part;
        }

        return covered;
    }

    private void Add(long bytes)
    {
        count = Today() with { Bytes = Math.Max(0, Today().Bytes + bytes), TotalBytes = Math.Max(0, count.TotalBytes + bytes) };
        unsaved += Math.Abs(bytes);
    }

    private WriteCount Today()
    {
        var now = time.GetTimestamp();
        var uptime = count.UptimeSeconds + time.GetElapsedTime(since, now).TotalSeconds;
        since = now;
        var day = DayOf(time);
        count = day > count.Day || uptime >= DaySeconds
            ? count with { Day = Math.Max(day, count.Day), Bytes = reserved.Values.Sum(), UptimeSeconds = 0 }
            : count with { UptimeSeconds = uptime };
        return count;
    }

    private void Save()
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Today(), AgentJson.Default.WriteCount);
        DurableFile.Replace(files, path, bytes);
        files.SyncFolder(Path.GetDirectoryName(Path.GetDirectoryName(path)!)!);
        count = count with { Bytes = count.Bytes + bytes.Length, TotalBytes = count.TotalBytes + bytes.Length };
        unsaved = 0;
    }

    private void TrySave()
    {
        try
        {
            Save();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The count in memory goes on; a disk that refuses this refuses an update too, and says so there.
        }
    }

    private WriteCount Begin()
    {
        try
        {
            // Not those of the imports: one may be under way.
            files.Delete(path + DurableFile.TemporarySuffix);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is deleted before the next is written, too.
        }

        return ReadCount(files, Path.GetDirectoryName(Path.GetDirectoryName(path)!)!);
    }

    private void CountImports() => imports.HandOver(Today().Day, bytes =>
    {
        Add(bytes);
        Save();
    });
}
