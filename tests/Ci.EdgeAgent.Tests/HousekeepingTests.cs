using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Tests.Crashes;
using Ci.EdgeAgent.Updates;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests;

/// <summary>What is collected, and what never is.</summary>
public sealed class HousekeepingTests
{
    [Fact]
    public void Whatever_a_device_holds_current_last_known_good_pinned_and_in_flight_are_never_collected()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            using var device = Holding(random, out var pinned, out var others);
            var (store, pointer) = (device.Room.Store, device.Room.Store.Pointer);
            string?[] needed = [pointer.Current, pointer.LastKnownGood, pinned, store.State.State == AgentState.Quarantined ? null : store.State.Candidate?.Release];
            var before = device.Disk.Files.ToHashSet();
            Housekeeping.Collect(device.Room with { IsPinned = id => id == pinned, KeptByOthers = () => others });
            foreach (var id in needed.OfType<string>())
            {
                Assert.NotNull(store.ReadRelease(id));
                Assert.All(Objects(id), digest => Assert.Contains(device.Room.Objects.PathOf(digest), device.Disk.Files));
            }

            Assert.All(others ?? [], digest => Assert.Contains(device.Room.Objects.PathOf(digest), device.Disk.Files));
            Assert.All(device.Room.Objects.InFlight.Digests(), digest => Assert.Contains(device.Room.Objects.PathOf(digest), device.Disk.Files));
            Assert.True(others is not null || before.Count(IsObject) == device.Disk.Files.Count(IsObject), $"seed {seed}: collected without knowing what others need");
            if (others is not null)
                Assert.All(device.Disk.Files.Where(IsObject), path => Assert.True(IsExplained(Path.GetFileName(path)), $"seed {seed}: {path} was left"));

            bool IsExplained(string digest) =>
                others.Contains(digest) || device.Room.Objects.InFlight.Digests().Contains(digest) || needed.OfType<string>().Any(id => Objects(id).Contains(digest));
        }
    }

    [Fact]
    public void A_needed_document_that_cannot_be_read_keeps_every_object()
    {
        using var device = Holding(new Random(1), out _, out _);
        var current = Catalogue.Releases["good-1"].Release.Id.Hex;
        device.Room.Store.Point(new CurrentPointer(current, current, 5, current, default));
        device.Disk.Open($"/data/models/{Catalogue.Model}/releases/{current}.json").Write(3, "#"u8);
        var before = device.Disk.Files.Where(IsObject).ToList();
        Housekeeping.Collect(device.Room);
        Assert.Equal(before, device.Disk.Files.Where(IsObject));
    }

    [Fact]
    public void In_safe_mode_nothing_is_collected()
    {
        using var first = Holding(new Random(2), out _, out _);
        first.Disk.Open($"/data/models/{Catalogue.Model}/journal").Write(10, [0xFF, 0xFF]);
        first.Room.Store.Save(first.Room.Store.State);
        var before = first.Disk.Files.Count;
        using var device = new SimulatedDevice(first.Disk, new World());
        Assert.Equal(AgentState.SafeMode, device.State);
        Housekeeping.Collect(device.Room);
        Assert.Equal(before, device.Disk.Files.Count);
    }

    [Fact]
    public async Task A_full_disk_is_cleared_of_what_is_not_needed_before_an_update_is_made_to_wait()
    {
        var disk = new DeviceDisk(150_000);
        disk.MakeFolder(SimulatedDevice.Data);
        var world = new World();
        using var device = new SimulatedDevice(disk, world);
        await Exploration.LiveAsync(device, world, History.Update("good-1"));
        disk.Open($"/data/objects/sha256/ff/{new string('f', 64)}").Write(0, new byte[65_000]);
        await Exploration.LiveAsync(device, world, History.Update("good-2"));
        Assert.Equal("good-2", device.Serving);

        disk.Open("/elsewhere/big").Write(0, new byte[disk.FreeBytes - 66_000]);
        world.Publish("good-3");
        await device.TurnAsync();
        Assert.Equal("good-2", device.Serving);
        Assert.Contains("make room", device.Status.WhyNot, StringComparison.Ordinal);
        disk.Delete("/elsewhere/big");
        await Exploration.LiveAsync(device, world, History.Update("good-3"));
    }

    private static bool IsObject(string path) => path.Contains("/objects/", StringComparison.Ordinal);

    private static List<string> Objects(string id) => [.. Catalogue.Releases.Values.First(r => r.Release.Id.Hex == id).Release.Artifacts.Select(a => a.Sha256.Hex)];

    /// <summary>A device with any releases and objects, any pointer, any state.</summary>
    private static SimulatedDevice Holding(Random random, out string? pinned, out HashSet<string>? others)
    {
        var device = new SimulatedDevice(SimulatedDevice.NewDisk(), new World());
        var room = device.Room;
        foreach (var signed in Catalogue.Releases.Values)
        {
            room.Store.KeepRelease(signed.Release.Id.Hex, signed.Document, signed.Bundle);
            foreach (var artifact in signed.Release.Artifacts)
                device.Disk.Open(room.Objects.PathOf(artifact.Sha256.Hex)).Write(0, Catalogue.Blobs[artifact.Sha256.Hex]);
        }

        string? Any() => random.Next(4) == 0 ? null : Catalogue.Releases.Values.ElementAt(random.Next(Catalogue.Releases.Count)).Release.Id.Hex;
        room.Store.Point(new CurrentPointer(Any(), Any(), 3, null, default));
        var states = Enum.GetValues<AgentState>().Where(s => s != AgentState.SafeMode).ToArray();
        room.Store.Save(new DeviceState { State = states[random.Next(states.Length)], Candidate = Any() is { } wanted ? new Candidate(wanted, "c", 4) : null });
        if (Any() is { } fetching)
            room.Objects.InFlight.Reserve("another", [.. Objects(fetching).Select(d => new EdgeAgent.Objects.WantedObject(d, Catalogue.Blobs[d].Length))]);
        pinned = Any();
        others = random.Next(4) == 0 ? null : [.. Any() is { } theirs ? Objects(theirs) : []];
        return device;
    }
}
