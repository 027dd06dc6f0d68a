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
            var replay = JournalReplay.Of(DiskFiles.Instance, Path);
            Assert.Equal((cut - whole, null), (replay.TornBytes, replay.LostRecord));
            using (var journal = DeviceJournal.Open(DiskFiles.Instance, Path))
            {
                Assert.Equal("two", Encoding.UTF8.GetString(journal.LastPayload!));
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

    [Fact]
    public void Whatever_bit_of_a_short_journal_flips_it_is_damage_or_the_last_record_is_told_as_lost_and_never_another_one()
    {
        Write("one", "two", "three");
        var all = File.ReadAllBytes(Path);
        var last = all.Length - (JournalRecord.HeaderBytes + 5);
        for (var bit = 0; bit < all.Length * 8; bit++)
        {
            var flipped = (byte[])all.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            if (bit / 8 < last)
                Assert.Throws<JournalDamagedException>(() => JournalReplay.Read(flipped, Path));
            else
                Assert.Equal(("two", true), Told(JournalReplay.Read(flipped, Path)));
        }
    }

    [Fact]
    public void Any_bytes_are_a_journal_or_damage()
    {
        var random = new Random(11);
        Write("one", "two", "three");
        var all = File.ReadAllBytes(Path);
        for (var round = 0; round < 5000; round++)
        {
            byte[] bytes = [.. all.AsSpan(0, random.Next(all.Length)), .. all.AsSpan(random.Next(all.Length))];
            for (var i = random.Next(4); i > 0 && bytes.Length > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                var text = JournalReplay.Read(bytes, Path).Payload is { } payload ? Encoding.UTF8.GetString(payload) : null;
                Assert.Contains(text, new[] { null, "one", "two", "three" });
            }
            catch (JournalDamagedException error)
            {
                Assert.Contains("resume", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Damage_tells_the_last_record_before_it()
    {
        Write("one", "two", "three");
        var all = File.ReadAllBytes(Path);
        all[(2 * (JournalRecord.HeaderBytes + 3)) - 1] ^= 1;
        Assert.Equal("one", Encoding.UTF8.GetString(Assert.Throws<JournalDamagedException>(() => JournalReplay.Read(all, Path)).LastWhole!));
    }

    [Fact]
    public void A_tail_of_zeros_that_the_file_system_left_is_cut()
    {
        Write("one", "two");
        File.WriteAllBytes(Path, [.. File.ReadAllBytes(Path), .. new byte[700]]);
        Assert.Equal(700, JournalReplay.Of(DiskFiles.Instance, Path).TornBytes);
        Assert.Equal(("two", false), Told(JournalReplay.Of(DiskFiles.Instance, Path)));
        using var journal = DeviceJournal.Open(DiskFiles.Instance, Path);
        Assert.Equal("two", Encoding.UTF8.GetString(journal.LastPayload!));
    }

    /// <summary>Sectors of a record that did not come to the medium, in any choice: it was torn, nobody relied on it, nothing is told.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(500)]
    [InlineData(2600)]
    public void A_record_of_which_any_sectors_are_missing_is_a_torn_tail(int bytes)
    {
        Write(new string('1', 300), "two");
        var whole = File.ReadAllBytes(Path);
        Write(new string('3', bytes));
        var all = File.ReadAllBytes(Path);
        var (first, last) = (whole.Length / 512, (all.Length - 1) / 512);
        for (var missing = 1; missing < 1 << (last - first + 1); missing++)
        {
            var torn = (byte[])all.Clone();
            for (var sector = first; sector <= last; sector++)
            {
                if ((missing & (1 << (sector - first))) != 0)
                    torn.AsSpan(Math.Max(whole.Length, sector * 512)..Math.Min(all.Length, (sector + 1) * 512)).Clear();
            }

            Assert.Equal(("two", false), Told(JournalReplay.Read(torn, Path)));
        }

        for (var round = 0; round < 500; round++)
        {
            var rotten = (byte[])all.Clone();
            rotten[whole.Length + (round * 7 % (all.Length - whole.Length))] ^= (byte)(1 + (round % 255));
            Assert.Equal(("two", true), Told(JournalReplay.Read(rotten, Path)));
        }
    }

    private static (string Payload, bool IsLost) Told(JournalReplay replay) => (Encoding.UTF8.GetString(replay.Payload!), replay.LostRecord is not null);

    private void Write(params string[] payloads)
    {
        using var journal = DeviceJournal.Open(DiskFiles.Instance, Path);
        foreach (var payload in payloads)
            journal.Append(Encoding.UTF8.GetBytes(payload));
    }
}
