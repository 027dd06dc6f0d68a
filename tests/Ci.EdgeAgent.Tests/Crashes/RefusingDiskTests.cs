using Ci.EdgeAgent.States;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>Each bug that the long exploration found on a disk that refuses now and then, by its seed and by itself.</summary>
public sealed class RefusingDiskTests
{
    private readonly World world = new();
    private readonly DeviceDisk disk = SimulatedDevice.NewDisk();

    [Theory]
    [InlineData(1_003_522)] // Served what it had given up, and never watched it: the disk would not take the pointer.
    [InlineData(1_005_778)]
    [InlineData(1_005_957)]
    [InlineData(1_009_541)]
    [InlineData(1_006_588)] // Blamed a release for ends of the process that were the disk's refusals.
    [InlineData(6_009_328)] // Blamed a release for what the disk would not give back.
    public async Task Lives_on_a_refusing_disk_that_broke_a_promise_once(int seed) => await new RandomLife(seed, refuses: true).LiveAsync();

    [Fact]
    public async Task What_was_being_watched_and_came_back_after_the_disk_refused_it_once_is_watched_again()
    {
        world.Publish("sour");
        using (var first = new SimulatedDevice(disk, world))
        {
            var pointed = false;
            disk.Before = operation =>
            {
                var cut = pointed && operation.Kind == DiskOperationKind.Write;
                pointed |= operation is { Kind: DiskOperationKind.Rename } && operation.Path.EndsWith("/current", StringComparison.Ordinal);
                return cut ? new DiskFault.Cut(CutKind.Before) : null;
            };
            await Assert.ThrowsAsync<PowerCutException>(() => first.TurnAsync());
        }

        var hex = Catalogue.Releases["sour"].Release.Model.Sha256.Hex;
        var model = $"/data/objects/sha256/{hex[..2]}/{hex}";

        // At the start its model cannot be read, and nothing takes that it was given up; a moment later all is well.
        var left = disk.AfterCut(CutKind.Before, 0);
        left.Reading = path => _ = path == model ? throw DeviceErrors.Broken(path) : 0;
        left.Before = operation => operation.Path.EndsWith("/current.tmp", StringComparison.Ordinal) ? new DiskFault.Error(IsFull: true, false) : null;
        using var device = new SimulatedDevice(left, world);
        Assert.Equal((AgentState.Idle, null), (device.State, device.Serving));
        (left.Reading, left.Before) = (null, null);
        await device.TurnAsync(pause: true);
        Assert.Equal((AgentState.Paused, "sour"), (device.State, device.Serving));
        await Exploration.ArriveAsync(device, History.Update("sour") with { Refused = "sour" }, world, "on a mended disk");
    }

    [Fact]
    public async Task A_disk_that_refuses_six_times_between_load_and_commit_gets_no_release_blamed_for_crashes()
    {
        using var device = new SimulatedDevice(disk, world);
        await Exploration.LiveAsync(device, world, History.Update("good-1"));
        world.Publish("good-2");
        for (var look = 0; look < 6; look++)
        {
            var records = 0;
            disk.Before = operation => operation.Kind == DiskOperationKind.Write && operation.Path.EndsWith("/journal", StringComparison.Ordinal) && ++records > 5 ? new DiskFault.Error(IsFull: true, false) : null;
            await device.TurnAsync();
            Assert.Equal("good-1", device.Serving);
        }

        disk.Before = null;
        await Exploration.ArriveAsync(device, History.Update("good-2"), world, "on a mended disk");
    }

    [Fact]
    public async Task A_release_that_the_disk_would_not_give_back_while_it_was_watched_is_fetched_again_and_not_refused()
    {
        world.Publish("good-1");
        using (var first = new SimulatedDevice(disk, world))
        {
            var pointed = false;
            disk.Before = operation =>
            {
                // In the journal it is being watched; then the power goes.
                var cut = pointed && operation is { Kind: DiskOperationKind.Write } && !operation.Path.EndsWith("/journal", StringComparison.Ordinal);
                pointed |= operation is { Kind: DiskOperationKind.Rename } && operation.Path.EndsWith("/current", StringComparison.Ordinal);
                return cut ? new DiskFault.Cut(CutKind.Before) : null;
            };
            await Assert.ThrowsAsync<PowerCutException>(() => first.TurnAsync());
        }

        // It cannot be read, and that nothing serves gets into the pointer, but not into the journal.
        var left = disk.AfterCut(CutKind.Before, 0);
        left.Reading = path => _ = path.Contains("/objects/", StringComparison.Ordinal) ? throw DeviceErrors.Broken(path) : 0;
        var given = false;
        left.Before = operation =>
        {
            given |= operation is { Kind: DiskOperationKind.Rename } && operation.Path.EndsWith("/current", StringComparison.Ordinal);
            return given && operation.Path.EndsWith("/journal", StringComparison.Ordinal) ? new DiskFault.Error(IsFull: true, false) : null;
        };
        using (var second = new SimulatedDevice(left, world))
            Assert.Null(second.Room.Store.Pointer.Current);

        (left.Reading, left.Before) = (null, null);
        using var device = new SimulatedDevice(left, world);
        Assert.NotEqual(AgentState.Soak, device.State);
        await Exploration.ArriveAsync(device, History.Update("good-1"), world, "on a mended disk");
        Assert.Empty(device.Room.Store.State.Refusals);
    }
}
