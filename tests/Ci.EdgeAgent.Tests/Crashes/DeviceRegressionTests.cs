using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.EdgeAgent.Updates;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>Each bug that the exploration found, by itself.</summary>
public sealed class DeviceRegressionTests
{
    private const string Models = "/data/models";
    private readonly World world = new();
    private readonly DeviceDisk disk = SimulatedDevice.NewDisk();

    [Fact]
    public async Task A_read_error_while_loading_does_not_quarantine_a_good_release()
    {
        using var device = await LivedAsync("good-1");
        world.Publish("good-2");
        var model = device.Room.Objects.PathOf(Catalogue.Releases["good-2"].Release.Model.Sha256.Hex);
        var reads = 0;
        disk.Reading = path => _ = path == model && ++reads == 2 ? throw DeviceErrors.Broken(path) : 0; // Verified once, then to be loaded.
        await device.TurnAsync();
        Assert.Equal(AgentState.Idle, device.State);
        Assert.Empty(device.Room.Store.State.Refusals);
        await device.TurnAsync();
        Assert.Equal("good-2", device.Serving);
    }

    [Fact]
    public async Task Records_that_are_out_of_reach_cost_no_sequence_floor_when_safe_mode_is_left()
    {
        using (await LivedAsync("good-1", "good-2"))
            disk.Reading = path => _ = path.EndsWith("/journal", StringComparison.Ordinal) || path.EndsWith("/current", StringComparison.Ordinal) ? throw DeviceErrors.Broken(path) : 0;
        using var device = new SimulatedDevice(disk, world);
        Assert.Equal(AgentState.SafeMode, device.State);
        disk.Reading = null;
        await device.TurnAsync(recover: true);
        Assert.Equal(2, device.Room.Store.Pointer.Sequence);
    }

    [Fact]
    public void A_folder_made_by_a_process_that_was_killed_is_durable_before_anything_is_built_on_it()
    {
        var cut = disk;
        cut.Before = operation => operation is { Kind: DiskOperationKind.SyncFolder, Path: Models } ? new DiskFault.Cut(CutKind.Before) : null;
        Assert.Throws<PowerCutException>(() => new SimulatedDevice(cut, world));
        var left = cut.AfterCut(CutKind.Before, 0);
        using (var device = new SimulatedDevice(left, world))
            device.Room.Store.Point(new CurrentPointer(null, null, 7, null, default));
        using var again = new SimulatedDevice(left.AfterCut(CutKind.AllLost, 0), world);
        Assert.Equal(7, again.Room.Store.Pointer.Sequence);
    }

    [Fact]
    public async Task A_folder_made_by_a_killed_process_is_durable_too_where_the_next_start_was_refused_and_went_on_by_itself()
    {
        disk.Before = operation => operation is { Kind: DiskOperationKind.SyncFolder, Path: Models } ? new DiskFault.Cut(CutKind.Before) : null;
        Assert.Throws<PowerCutException>(() => new SimulatedDevice(disk, world));
        var left = disk.AfterCut(CutKind.Before, 0);
        left.Before = operation => operation.Kind == DiskOperationKind.SyncFolder ? new DiskFault.Error(false, false) : null;
        using (var device = new SimulatedDevice(left, world))
        {
            Assert.Equal(AgentState.SafeMode, device.State);
            left.Before = null;
            await Exploration.LiveAsync(device, world, History.Update("good-1"));
        }

        using var again = new SimulatedDevice(left.AfterCut(CutKind.AllLost, 0), world);
        Assert.Equal(1, again.Room.Store.Pointer.Sequence);
        Assert.Equal("good-1", again.Serving);
    }

    [Fact]
    public void A_folder_whose_sync_failed_is_synced_before_anything_is_built_on_it()
    {
        var fails = true;
        disk.Before = operation => fails && operation is { Kind: DiskOperationKind.SyncFolder, Path: "/data" } ? new DiskFault.Error(false, false) : null;
        using (new SimulatedDevice(disk, world))
            fails = false;
        using (var device = new SimulatedDevice(disk, world))
            device.Room.Store.Point(new CurrentPointer(null, null, 7, null, default));
        using var again = new SimulatedDevice(disk.AfterCut(CutKind.AllLost, 0), world);
        Assert.Equal(7, again.Room.Store.Pointer.Sequence);
    }

    [Fact]
    public async Task A_pointer_whose_last_sync_failed_names_a_release_that_is_watched_after_the_restart_and_comes_in_sync()
    {
        using (var device = await LivedAsync("good-1"))
        {
            world.Publish("good-2");
            var renamed = false;
            disk.Before = operation =>
            {
                var fails = renamed && operation.Kind == DiskOperationKind.SyncFolder;
                renamed = operation is { Kind: DiskOperationKind.Rename } && operation.Path.EndsWith("/current", StringComparison.Ordinal);
                return fails ? new DiskFault.Error(false, false) : null;
            };
            await device.TurnAsync();
            Assert.Equal("good-1", device.Serving);
        }

        disk.Before = null;
        using var again = new SimulatedDevice(disk, world);
        Assert.Equal(AgentState.Soak, again.State);
        await Exploration.ArriveAsync(again, History.Update("good-2"), world, "after the restart");
    }

    [Fact]
    public async Task What_the_pointer_names_and_nothing_serves_is_fetched_again()
    {
        using (await LivedAsync("good-1"))
            disk.Delete(PathOf("good-1"));
        disk.Before = operation => operation.Kind == DiskOperationKind.Write ? new DiskFault.Error(IsFull: true, false) : null; // The pointer cannot say that nothing serves.
        using var device = new SimulatedDevice(disk, world);
        Assert.Null(device.Serving);
        disk.Before = null;
        await Exploration.ArriveAsync(device, History.Update("good-1"), world, "on a mended disk");
    }

    [Fact]
    public async Task A_disk_that_refused_at_the_start_and_answers_again_needs_no_operator()
    {
        using (await LivedAsync("good-1", "good-2"))
            disk.Before = _ => new DiskFault.Error(false, false);
        using var device = new SimulatedDevice(disk, world);
        Assert.Equal(AgentState.SafeMode, device.State);
        await device.TurnAsync();
        Assert.Equal(AgentState.SafeMode, device.State);
        disk.Before = null;
        await Exploration.LiveAsync(device, world, History.Update("good-3"));
        Assert.Null(disk.Length($"{Models}/{Catalogue.Model}/journal.damaged"));
    }

    [Fact]
    public void A_count_of_the_flash_budget_that_was_cut_off_leaves_no_file()
    {
        disk.Open("/data/quota/written.tmp").Write(0, "half"u8);
        using var device = new SimulatedDevice(disk, world);
        Assert.DoesNotContain(disk.Files, f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_release_leaves_no_files()
    {
        using var device = await LivedAsync("good-1");
        await Exploration.LiveAsync(device, world, History.Update("bad") with { Refused = "bad" });
        Promises.CheckFiles(device, "after the refusal");
        Assert.Null(device.Room.Store.ReadRelease(Catalogue.Releases["bad"].Release.Id.Hex));
    }

    [Fact]
    public async Task What_was_begun_and_is_no_longer_asked_for_leaves_no_files()
    {
        using var device = await LivedAsync("good-1");
        world.Publish("good-2");
        world.BreakAfter(3000);
        await device.TurnAsync();
        Assert.Contains(disk.Files, f => f.Contains("/partial/", StringComparison.Ordinal));
        world.Publish("good-1");
        await device.TurnAsync();
        Promises.CheckFiles(device, "after the channel went back");
    }

    [Fact]
    public async Task A_journal_shown_by_a_killed_process_outlasts_a_power_cut_after_the_restart()
    {
        using var device = await LivedAsync("good-1");
        var records = 0;
        disk.Before = operation => operation.Kind == DiskOperationKind.Sync && operation.Path.EndsWith("/journal", StringComparison.Ordinal) && ++records == 6 ? new DiskFault.Cut(CutKind.Before) : null;
        world.Publish("bad");
        await Assert.ThrowsAsync<PowerCutException>(async () =>
        {
            for (var turn = 0; turn < 9; turn++)
                await device.TurnAsync();
        });
        var killed = disk.AfterCut(CutKind.Before, 0);
        using var next = new SimulatedDevice(killed, world);
        var shown = Promises.Of(next);
        using var after = new SimulatedDevice(killed.AfterCut(CutKind.AllLost, 0), world);
        shown.Check(after, "after kill and power cut");
        Assert.Equal(AgentState.Quarantined, next.State);
    }

    [Fact]
    public async Task A_damaged_last_known_good_is_told_at_the_start_while_another_serves()
    {
        var old = Catalogue.Releases["good-1"].Release.Id.Hex;
        using (var device = await LivedAsync("good-1", "good-2"))
        {
            var documents = Catalogue.Releases["good-1"];
            device.Room.Store.KeepRelease(old, documents.Document, documents.Bundle);
            device.Room.Store.Point(device.Room.Store.Pointer with { LastKnownGood = old });
            device.Room.Files.Delete(PathOf("good-1")); // It was still there, as what an operator could go back to.
        }

        using var again = new SimulatedDevice(disk, world);
        Assert.Equal("good-2", again.Serving);
        Assert.Contains(again.Told, (AgentEvent t) => t.Message.Contains("there is no way back", StringComparison.Ordinal));
    }

    private static string PathOf(string version)
    {
        var hex = Catalogue.Releases[version].Release.Model.Sha256.Hex;
        return $"/data/objects/sha256/{hex[..2]}/{hex}";
    }

    private async Task<SimulatedDevice> LivedAsync(params string[] versions)
    {
        var device = new SimulatedDevice(disk, world);
        foreach (var version in versions)
            await Exploration.LiveAsync(device, world, History.Update(version));
        return device;
    }
}
