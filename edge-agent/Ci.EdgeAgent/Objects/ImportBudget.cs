using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Objects;

/// <summary>The room and the flash budget of one import: asked for before its first byte, counted from then on. One import at a time.</summary>
internal sealed class ImportBudget : IDisposable
{
    // The note itself, the source's memory, folders.
    private const long SmallWrites = 16 << 10;
    private readonly ImportNotes notes;
    private readonly string name;
    private readonly long day;
    private long written;
    private bool isReserved;
    private bool isDone;

    private ImportBudget(IDeviceFiles files, string data, string name, long day)
    {
        Files = new MeteredFiles(files, bytes => written += bytes);
        (notes, this.name, this.day) = (new ImportNotes(files, data), name, day);
    }

    /// <summary>The disk, counted.</summary>
    public IDeviceFiles Files { get; }

    /// <summary>Counts what an import is about to write, on disk, before it does.</summary>
    /// <exception cref="FlashBudgetException">The day's budget does not hold it; nothing was changed.</exception>
    /// <exception cref="EdgeAgentException">It never fits, or the disk has no room.</exception>
    public static ImportBudget Begin(IDeviceFiles files, string data, QuotaSettings quota, TimeProvider time, string name, long bytes)
    {
        var needed = bytes + SmallWrites;
        if (needed + quota.KeepFreeBytes > files.FreeBytes(data))
            throw new EdgeAgentException($"the bundle needs {needed} bytes and {quota.KeepFreeBytes} stay free (`quota.keepFreeBytes`); the disk has {files.FreeBytes(data)}: make room. Nothing was changed");
        var counted = FlashBudget.ReadCount(files, data);
        var budget = new ImportBudget(files, data, name, Math.Max(counted.Day, FlashBudget.DayOf(time)));
        if (quota.WriteBytesPerDay > 0)
            budget.Reserve(needed, quota.WriteBytesPerDay, counted);
        return budget;
    }

    /// <summary>All is written.</summary>
    public void Done() => isDone = true;

    /// <summary>What was reserved and not written is free again.</summary>
    public void Dispose()
    {
        // Where the agent has counted it by now, its count stays too high until the day ends.
        if (isReserved && !isDone && notes.Has(name))
            notes.Put(name, new ImportNote(day, written));
    }

    private void Reserve(long needed, long perDay, WriteCount counted)
    {
        if (needed > perDay)
            throw new EdgeAgentException($"the bundle would write {needed} bytes; `quota.writeBytesPerDay` allows {perDay} a day, so it never fits: raise it or make a smaller bundle. Nothing was changed");
        var before = (counted.Day == day ? counted.Bytes : 0) + notes.BytesOf(day);
        if (before + needed > perDay)
            throw new FlashBudgetException($"the bundle would write {needed} bytes; of {perDay} a day (`quota.writeBytesPerDay`) {before} are written on {FlashBudget.Shown(day)}. The bundle is sound and nothing was changed: import it again the next day, or raise the budget");
        notes.RemoveTemporaries();
        notes.Put(name, new ImportNote(day, needed));
        isReserved = true;
    }
}
