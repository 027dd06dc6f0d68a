using System.Text;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Journal;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.Of("journal");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Crc32C_gives_the_published_check_value() => Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));

    [Fact]
    public void The_last_record_is_read_back()
    {
        Write("one", "two", "three");
        using var journal = DeviceJournal.Open(DiskFiles.Instance, Path);
        Assert.Equal("three", Encoding.UTF8.GetString(journal.LastPayload!));
    }

    [Fact]
    public void A_tail_torn_anywhere_is_cut_and_the_journal_goes_on()
    {
        Write("one", "two");
        var whole = File.ReadAllBytes(Path).Length;
        Write("three");
        var all = File.ReadAllBytes(Path);
        for (var cut = whole; cut < all.Length; cut++)
        {
            File.WriteAllBytes(Path, all[..cut]);
            using (var journal = DeviceJournal.Open(DiskFiles.Instance, Path))
            {
                Assert.Equal("two", Encoding.UTF8.GetString(journal.LastPayload!));
                Assert.Equal(cut - whole, journal.CutBytes);
                journal.Append("four"u8);
            }

            using var again = DeviceJournal.Open(DiskFiles.Instance, Path);
            Assert.Equal("four", Encoding.UTF8.GetString(again.LastPayload!));
        }
    }

    [Fact]
    public void A_changed_byte_before_the_last_record_is_damage()
    {
        Write("one", "two", "three");
        var all = File.ReadAllBytes(Path);
        var last = all.Length - (JournalRecord.HeaderBytes + 5);
        for (var at = 0; at < last; at++)
        {
            var damaged = (byte[])all.Clone();
            damaged[at] ^= 0x10;
            File.WriteAllBytes(Path, damaged);
            Assert.Throws<JournalDamagedException>(() => DeviceJournal.Open(DiskFiles.Instance, Path).Dispose());
        }
    }

    [Fact]
    public void A_record_cut_out_of_the_middle_breaks_the_chain()
    {
        Write("one", "two", "three");
        var all = File.ReadAllBytes(Path);
        var size = JournalRecord.HeaderBytes + 3;
        File.WriteAllBytes(Path, [.. all[..size], .. all[(2 * size)..]]);
        Assert.Throws<JournalDamagedException>(() => DeviceJournal.Open(DiskFiles.Instance, Path).Dispose());
    }

    [Fact]
    public void A_long_journal_is_compacted_and_says_the_same()
    {
        var payload = new string('x', 10_000);
        using (var journal = DeviceJournal.Open(DiskFiles.Instance, Path))
        {
            for (var i = 0; i < 60; i++)
                journal.Append(Encoding.UTF8.GetBytes(payload + i));
        }

        Assert.True(new FileInfo(Path).Length < DeviceJournal.CompactAtBytes + 20_000);
        using var again = DeviceJournal.Open(DiskFiles.Instance, Path);
        Assert.EndsWith("x59", Encoding.UTF8.GetString(again.LastPayload!), StringComparison.Ordinal);
    }

    private void Write(params string[] payloads)
    {
        using var journal = DeviceJournal.Open(DiskFiles.Instance, Path);
        foreach (var payload in payloads)
            journal.Append(Encoding.UTF8.GetBytes(payload));
    }
}
