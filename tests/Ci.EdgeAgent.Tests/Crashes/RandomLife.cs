using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Updates.Steps;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>A random history on one device that is cut several times at random points, and whose disk refuses now and then.</summary>
internal sealed class RandomLife
{
    private const int MostTurns = 14;
    private readonly Random random;
    private readonly bool refuses;
    private readonly World world = new();
    private readonly string name;
    private DeviceDisk disk = SimulatedDevice.NewDisk();
    private SimulatedDevice? device;
    private Promises promises = Promises.None;
    private CutKind? cut;
    private int cutsLeft;
    private bool isMended;
    private int ends;

    /// <param name="seed">Decides everything.</param>
    /// <param name="refuses">Operations also fail without the life ending: disk full, input/output errors of writes, syncs, names and reads.</param>
    public RandomLife(int seed, bool refuses)
    {
        (random, this.refuses, name) = (new Random(seed), refuses, $"seed {seed}{(refuses ? ", refusing disk" : "")}");
        cutsLeft = 1 + random.Next(4);
        Arm();
    }

    public int Cuts { get; private set; }

    public int Refusals { get; private set; }

    public async Task LiveAsync()
    {
        foreach (var happening in History.Random(random).Append(History.Update("good-6")))
        {
            happening.Publish(world);
            if (happening.CutAfter is { } bytes)
                world.BreakAfter(bytes);
            if (happening.Restarts)
                End();
            var arrived = false;
            for (var turn = 0; turn < MostTurns && !arrived; turn++)
            {
                // A disk that refuses one time in sixty for ever lets no update through; at last it is mended.
                isMended = turn > MostTurns / 2;
                arrived = await TurnAsync(happening, pause: happening.Pauses && turn == 0);
            }

            Assert.True(arrived, $"{name}: {happening.Name} never arrived after {Cuts} cuts; serving {device?.Serving}, {(device is null ? "dead" : Promises.Last(device))}");
        }

        (cutsLeft, disk.Before, disk.Reading) = (0, null, null);
        End();
        device = Start();
        Promises.CheckFiles(device, name);
        Assert.Equal(world.Wanted, device.Serving);
        End();
    }

    private async Task<bool> TurnAsync(Happening happening, bool pause)
    {
        try
        {
            device ??= Start();
            await device.TurnAsync(pause, recover: device.State == AgentState.SafeMode);
            Promises.CheckServing(device, name);
            promises = Promised(device);
            return !pause && HasArrived(happening);
        }
        catch (PowerCutException)
        {
            promises = Promised(device);
            Cuts++;
            ends++;
            device = null; // Nothing tidies up in a life that is over.
            disk = disk.AfterCut(cut!.Value, random.Next());
            Arm();
            return false;
        }
    }

    private SimulatedDevice Start()
    {
        var started = new SimulatedDevice(disk, world);
        promises.Check(started, name, mayBeSafe: refuses);
        promises = Promised(started);
        return started;
    }

    // In safe mode nothing is done on the strength of what was read: the disk may have refused to make it durable.
    private Promises Promised(SimulatedDevice? alive) => alive is null || alive.Room.Store.Damage is not null ? promises : Promises.Of(alive);

    private void End()
    {
        ends++;
        device?.Dispose();
        device = null;
    }

    private bool HasArrived(Happening happening)
    {
        // Whoever vanishes three times while it watches a release takes the release for the reason.
        var refused = device!.Room.Store.State.Refusals.Where(r => r.Sequence == world.Sequence).ToList();
        var blamed = refused.Any(r => r.Code == SoakStep.CrashCode);
        Assert.True(!blamed || ends >= SoakStep.MostCrashes, $"{name}: a release was blamed for crashes after {ends} ends of the process");
        if (device.State == AgentState.Quarantined && (blamed || (happening.Refused is not null && refused.Count > 0)))
            return happening.Refused is null || device.Serving != happening.Refused;
        return happening.Refused is null && device.Serving == world.Wanted && device.Status is { InSync: true, State: AgentState.Idle };
    }

    /// <summary>Decides where the life ends next, and what goes wrong on the way there.</summary>
    private void Arm()
    {
        var kinds = Enum.GetValues<CutKind>();
        cut = kinds[random.Next(kinds.Length)];
        var at = cutsLeft-- > 0 ? 1 + random.Next(200) : int.MaxValue;
        disk.Before = _ => --at == 0 ? new DiskFault.Cut(cut.Value) : Refuse();
        disk.Reading = path =>
        {
            if (refuses && !isMended && random.Next(150) == 0)
            {
                Refusals++;
                throw DeviceErrors.Broken(path);
            }
        };
    }

    private DiskFault? Refuse()
    {
        if (!refuses || isMended || random.Next(60) != 0)
            return null;
        Refusals++;
        return new DiskFault.Error(IsFull: random.Next(2) == 0, Halfway: random.Next(2) == 0);
    }
}
