using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.States;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>
/// Drives the agent through histories. A cut at a point is a copy of the disk there: what the process knew is gone with it, so nothing need
/// be run again to get there, and every point begins from exactly what the disk kept.
/// </summary>
internal static class Exploration
{
    private const int MostTurns = 8;

    /// <summary>One place to cut, with what was promised there.</summary>
    internal sealed record Point(int Happening, DiskOperation Operation, CutKind Kind, DeviceDisk Disk, Promises Promises)
    {
        public string Where => $"happening {Happening}, {Kind} {Operation}";
    }

    /// <summary>Lives a history once and takes a copy of the disk at every point.</summary>
    public static async Task<IReadOnlyList<Point>> RecordAsync(IReadOnlyList<Happening> history, Func<IDeviceFiles, IDeviceFiles>? through = null)
    {
        var (points, world, disk) = (new List<Point>(), new World(), SimulatedDevice.NewDisk());
        var (happening, device) = (0, (SimulatedDevice?)null);
        var before = Promises.None;
        disk.Before = operation =>
        {
            Add(CutKind.Before, operation, disk.Copy());
            return null;
        };
        disk.Torn = (operation, torn) => Add(CutKind.Torn, operation, torn);
        disk.After = operation =>
        {
            foreach (var kind in new[] { CutKind.After, CutKind.AllLost, CutKind.BytesLost, CutKind.NamesLost, CutKind.SomeLost })
                Add(kind, operation, disk.AfterCut(kind, operation.Number));
        };
        device = new SimulatedDevice(disk, world, through);
        for (; happening < history.Count; happening++)
        {
            device = await LiveAsync(device, world, history[happening], through);
            Promises.CheckFiles(device, history[happening].Name);
        }

        device.Dispose();
        return points;

        void Add(CutKind kind, DiskOperation operation, DeviceDisk copy)
        {
            // While a new life begins there is no device to ask: what its last one promised holds.
            before = device is null ? before : Promises.Of(device);
            points.Add(new Point(happening, operation, kind, copy, before));
        }
    }

    /// <summary>The next start on what a point left: it must come back, arrive, leave nothing behind, and take the next release.</summary>
    public static async Task RecoverAsync(Point point, IReadOnlyList<Happening> history)
    {
        var world = new World();
        foreach (var earlier in history.Take(point.Happening + 1))
            earlier.Publish(world);
        using var device = new SimulatedDevice(point.Disk.Copy(), world);
        point.Promises.Check(device, point.Where);
        await ArriveAsync(device, history[point.Happening], world, point.Where);
        Promises.CheckFiles(device, point.Where);
        var last = History.Update("good-6");
        last.Publish(world);
        await ArriveAsync(device, last, world, $"{point.Where}, then {last.Name}");
        Promises.CheckFiles(device, point.Where);
    }

    /// <summary>One happening to a device that lives.</summary>
    public static async Task<SimulatedDevice> LiveAsync(SimulatedDevice device, World world, Happening happening, Func<IDeviceFiles, IDeviceFiles>? through = null)
    {
        if (happening.Restarts)
        {
            device.Stop();
            device.Dispose();
            device = new SimulatedDevice(device.Disk, world, through);
        }

        if (happening.Pauses)
            await device.TurnAsync(pause: true);
        happening.Publish(world);
        if (happening.Pauses)
        {
            await device.TurnAsync(pause: true);
            Assert.Equal(AgentState.Paused, device.State);
        }

        if (happening.CutAfter is { } bytes)
            world.BreakAfter(bytes);
        await ArriveAsync(device, happening, world, happening.Name);
        return device;
    }

    /// <summary>Looks at the channel until what it asks for serves, or is refused; each time something proven serves.</summary>
    public static async Task ArriveAsync(SimulatedDevice device, Happening happening, World world, string where)
    {
        for (var turn = 0; turn < MostTurns && !HasArrived(device, happening, world); turn++)
        {
            await device.TurnAsync();
            Promises.CheckServing(device, where);
        }

        Assert.True(HasArrived(device, happening, world), $"{where}: {happening.Name} never arrived; serving {device.Serving}, {Promises.Last(device)}");
    }

    private static bool HasArrived(SimulatedDevice device, Happening happening, World world) => happening.Refused is null
        ? device.Serving == world.Wanted && device.Status is { InSync: true, State: AgentState.Idle }
        : device.State == AgentState.Quarantined && device.Serving != happening.Refused && device.Room.Store.State.Refusals.Any(r => r.Release == Catalogue.Releases[happening.Refused].Release.Id.Hex && r.Sequence == world.Sequence);
}
