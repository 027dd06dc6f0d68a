using System.Text;
using Ci.EdgeAgent.Journal;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>The journal alone, cut and refused at every operation, rewritten often: an append that returned is never taken back.</summary>
public sealed class JournalCrashTests
{
    private const string Path = "/data/journal";
    private const int Appends = 12;

    public static TheoryData<CutKind> Kinds => [.. Enum.GetValues<CutKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Wherever_it_is_cut_what_was_appended_is_there(CutKind kind)
    {
        for (var (at, finished) = (0, false); !finished; at++)
        {
            var disk = SimulatedDevice.NewDisk();
            var left = at;
            disk.Before = _ => left-- == 0 ? new DiskFault.Cut(kind) : null;
            var appended = 0;
            finished = TryAppend(disk, ref appended);
            var (after, known) = (disk.AfterCut(kind, at), appended);
            if (finished)
                break;
            // Killed again as soon as it was opened, and the power goes: what it showed then holds, too.
            using (var opened = DeviceJournal.Open(new DeviceDiskFiles(after), Path, 400))
                known = Math.Max(known, NumberOf(opened));
            using var again = DeviceJournal.Open(new DeviceDiskFiles(after.AfterCut(CutKind.AllLost, at)), Path, 400);
            Assert.InRange(NumberOf(again), known, appended + 1);
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Whatever_the_disk_refuses_the_next_append_holds(bool isFull, bool halfway)
    {
        for (var (at, refused) = (0, true); refused; at++)
        {
            var disk = SimulatedDevice.NewDisk();
            var left = at;
            refused = false;
            disk.Before = _ => left-- == 0 && (refused = true) ? new DiskFault.Error(isFull, halfway) : null;
            var appended = 0;
            for (var attempt = 0; attempt < 3 && appended < Appends; attempt++)
            {
                try
                {
                    TryAppend(disk, ref appended);
                }
                catch (IOException)
                {
                    // Tried again, as the agent does at its next look.
                }
            }

            using var again = DeviceJournal.Open(new DeviceDiskFiles(disk.AfterCut(CutKind.AllLost, at)), Path, 400);
            Assert.Equal(Appends, NumberOf(again));
        }
    }

    [Fact]
    public void A_journal_whose_rewriting_failed_after_the_rename_goes_on_in_the_new_file()
    {
        var disk = SimulatedDevice.NewDisk();
        using var journal = DeviceJournal.Open(new DeviceDiskFiles(disk), Path, compactAt: 100);
        journal.Append("1 long enough to be rewritten at the next append, since it is over a hundred bytes with its header"u8);
        disk.Before = operation => operation.Kind == DiskOperationKind.SyncFolder ? new DiskFault.Error(false, false) : null;
        Assert.Throws<IOException>(() => journal.Append("2"u8));
        disk.Before = null;
        journal.Append("3"u8);
        using var again = DeviceJournal.Open(new DeviceDiskFiles(disk.AfterCut(CutKind.AllLost, 0)), Path);
        Assert.Equal("3", Encoding.UTF8.GetString(again.LastPayload!));
    }

    private static bool TryAppend(DeviceDisk disk, ref int appended)
    {
        try
        {
            using var journal = DeviceJournal.Open(new DeviceDiskFiles(disk), Path, 400);
            for (appended = NumberOf(journal); appended < Appends; appended++)
                journal.Append(Encoding.UTF8.GetBytes($"{appended + 1} {new string('x', 40)}"));
            return true;
        }
        catch (PowerCutException)
        {
            return false;
        }
    }

    private static int NumberOf(DeviceJournal journal) =>
        journal.LastPayload is { } payload ? int.Parse(Encoding.UTF8.GetString(payload).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) : 0;
}
