using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Tests.Crashes;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests;

/// <summary>What a device does when its own records are damaged, or its disk refuses: it serves what is proven, changes nothing, and says why.</summary>
public sealed class SafeModeTests
{
    private const string Folder = $"/data/models/{Catalogue.Model}";
    private readonly World world = new();

    [Theory]
    [InlineData("journal")]
    [InlineData("current")]
    public async Task A_damaged_record_means_that_the_last_known_good_serves_nothing_changes_and_resume_goes_on(string file)
    {
        var disk = await LivedAsync("good-1", "bad", "good-2", "bad");
        disk.Open($"{Folder}/{file}").Write(30, [0xFF, 0xFE, 0xFD]);
        var refused = await SafeAsync(disk, "good-2");
        using var device = refused;
        Assert.Contains("resume", device.Status.WhyNot, StringComparison.Ordinal);
        await ResumedAsync(device, floor: 4);
        Assert.Equal(file == "journal", disk.Length($"{Folder}/journal.damaged") is not null);
    }

    [Fact]
    public async Task A_pointer_that_is_gone_is_known_from_the_journal_and_the_floor_with_it()
    {
        var disk = await LivedAsync("good-1", "good-2");
        disk.Delete($"{Folder}/current");
        using var device = await SafeAsync(disk, "good-2");
        Assert.Contains("it is gone", device.Room.Store.Damage, StringComparison.Ordinal);
        Assert.Equal(2, device.Room.Store.Pointer.Sequence);
        await ResumedAsync(device, floor: 2);
    }

    [Fact]
    public async Task A_pointer_that_was_restored_from_an_old_copy_is_damage()
    {
        var old = (await LivedAsync("good-1")).Read($"{Folder}/current");
        var disk = await LivedAsync("good-1", "good-2");
        disk.Open($"{Folder}/current").Truncate(0);
        disk.Open($"{Folder}/current").Write(0, old);
        using var device = await SafeAsync(disk, "good-2");
        Assert.Contains("sequence floor fell from 3 to 1", device.Room.Store.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_that_could_still_be_read_outlast_a_damaged_journal()
    {
        var disk = await LivedAsync("good-1", "bad");
        var journal = disk.Open($"{Folder}/journal");
        var whole = journal.Length;
        using (var again = new SimulatedDevice(disk, world))
            again.Room.Store.Save(again.Room.Store.State with { At = default });
        journal.Write(whole + 3, [0xFF]);
        Assert.NotNull(EdgeAgent.Journal.JournalReplay.Of(new DeviceDiskFiles(disk), $"{Folder}/journal").LostRecord); // At the end it is told and cut; with a record behind it, it is damage.
        disk.Open($"{Folder}/journal").Write(journal.Length, EdgeAgent.Journal.JournalRecord.Encode(99, new byte[32], "{}"u8));

        using var device = await SafeAsync(disk, "good-1");
        Assert.Single(device.Room.Store.State.Refusals);
        await device.TurnAsync(recover: true);
        await device.TurnAsync();
        Assert.Equal(AgentState.Quarantined, device.State);
        Assert.Single(device.Room.Store.State.Refusals);
    }

    [Fact]
    public async Task A_last_record_that_was_damaged_is_told_once_and_the_device_goes_on()
    {
        var disk = await LivedAsync("good-1", "bad");
        var journal = disk.Open($"{Folder}/journal");
        journal.Write(journal.Length - 3, [0x20]);
        using (var device = new SimulatedDevice(disk, world))
        {
            Assert.Equal("good-1", device.Serving);
            Assert.NotEqual(AgentState.SafeMode, device.State);
            Assert.Single(device.Told, t => t.Code == EdgeAgent.Updates.Restart.LostRecordCode && t.Message.Contains("was damaged after it was written", StringComparison.Ordinal));
            Assert.Contains(device.Status.Events, e => e.Code == EdgeAgent.Updates.Restart.LostRecordCode);
            await Exploration.LiveAsync(device, world, History.Update("good-2"));
        }

        using var again = new SimulatedDevice(disk, world);
        Assert.DoesNotContain(again.Told, t => t.Code == EdgeAgent.Updates.Restart.LostRecordCode);
    }

    [Fact]
    public async Task Without_a_last_known_good_and_with_all_records_damaged_nothing_serves()
    {
        var disk = await LivedAsync("good-1");
        disk.Open($"{Folder}/journal").Write(5, [0xFF]);
        disk.Open($"{Folder}/current").Write(5, [0xFF]);
        using var device = new SimulatedDevice(disk, world);
        Assert.Equal(AgentState.SafeMode, device.State);
        Assert.Null(device.Serving);
        await device.TurnAsync();
        Assert.Null(device.Serving);
        await device.TurnAsync(recover: true);
        await device.TurnAsync();
        Assert.Equal("good-1", device.Serving);
    }

    [Fact]
    public async Task Whatever_bit_of_the_pointer_flips_it_is_damage_or_says_the_same()
    {
        var bytes = (await LivedAsync("good-1", "good-2")).Read($"{Folder}/current");
        var pointer = CurrentPointer.Parse(bytes);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(pointer, CurrentPointer.Parse(flipped));
            }
            catch (System.Text.Json.JsonException)
            {
                // Told as damage.
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disk_that_takes_nothing_does_not_keep_the_device_from_serving(bool isFull)
    {
        var disk = await LivedAsync("good-1", "good-2");
        disk.Before = _ => new DiskFault.Error(isFull, false);
        using (var device = new SimulatedDevice(disk, world))
        {
            Assert.Equal("good-2", device.Serving);
            await device.TurnAsync();
            Assert.Equal("good-2", device.Serving);
        }

        disk.Before = null;
        using var mended = new SimulatedDevice(disk, world);
        Assert.Equal(AgentState.Idle, mended.State);
        Assert.Equal("good-2", mended.Serving);
        Assert.Null(disk.Length($"{Folder}/journal.damaged"));
    }

    [Fact]
    public async Task A_journal_that_was_only_out_of_reach_is_taken_up_again_as_it_is()
    {
        var disk = await LivedAsync("good-1", "bad");
        disk.Reading = path => _ = path.EndsWith("journal", StringComparison.Ordinal) ? throw DeviceErrors.Broken(path) : 0;
        using var device = await SafeAsync(disk, "good-1");
        disk.Reading = null;
        await device.TurnAsync();
        await device.TurnAsync();
        Assert.Equal(AgentState.Quarantined, device.State);
        Assert.Null(disk.Length($"{Folder}/journal.damaged"));
    }

    private async Task<DeviceDisk> LivedAsync(params string[] versions)
    {
        var disk = SimulatedDevice.NewDisk();
        using var device = new SimulatedDevice(disk, world);
        foreach (var version in versions)
            await Exploration.LiveAsync(device, world, History.Update(version) with { Refused = version == "bad" ? version : null });
        return disk;
    }

    private async Task<SimulatedDevice> SafeAsync(DeviceDisk disk, string serves)
    {
        var before = disk.Files.Select(f => (f, disk.Length(f))).ToList();
        var device = new SimulatedDevice(disk, world);
        Assert.Equal(AgentState.SafeMode, device.State);
        Assert.Equal(serves, device.Serving);
        await device.TurnAsync();
        Assert.Equal(AgentState.SafeMode, device.State);
        Assert.Equal(before, disk.Files.Select(f => (f, disk.Length(f))));
        return device;
    }

    private async Task ResumedAsync(SimulatedDevice device, long floor)
    {
        await device.TurnAsync(recover: true);
        Assert.True(device.Room.Store.Pointer.Sequence >= floor - 1);
        await Exploration.LiveAsync(device, world, History.Update("good-5"));
        using var again = new SimulatedDevice(device.Disk, world);
        Assert.Equal("good-5", again.Serving);
        Assert.Equal(AgentState.Idle, again.State);
    }
}
