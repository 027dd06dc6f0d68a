using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.EdgeAgent.Telemetry;
using Ci.EdgeAgent.Updates;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>One life of the agent's real update logic for one model on a disk in memory: from start to whatever ends it.</summary>
internal sealed class SimulatedDevice : IDisposable
{
    public const string Name = "device-1";
    public const string Data = "/data";
    private readonly ModelReconciler reconciler;

    /// <summary>A new device: whoever installs the agent makes its folder.</summary>
    public static DeviceDisk NewDisk()
    {
        var disk = new DeviceDisk();
        disk.MakeFolder(Data);
        return disk;
    }

    public SimulatedDevice(DeviceDisk disk, World world, Func<IDeviceFiles, IDeviceFiles>? through = null)
    {
        var time = new SteppingTime();
        IDeviceFiles raw = new DeviceDiskFiles(disk);
        raw = through?.Invoke(raw) ?? raw;
        var quota = new QuotaSettings { KeepFreeBytes = 64 * 1024, WriteBytesPerDay = 1L << 30 };
        var budget = new FlashBudget(raw, Data, quota.WriteBytesPerDay, time);
        var files = new MeteredFiles(raw, budget.Written);
        Disk = disk;
        Room = new ModelRoom
        {
            Model = Catalogue.Model,
            Configuration = Configuration,
            Keys = [Catalogue.Trusted],
            Files = files,
            Store = StateStore.Open(files, $"{Data}/models/{Catalogue.Model}"),
            Objects = new ObjectStore(files, Data, quota, budget, chunkBytes: 2048),
            Source = world,
            Blobs = world,
            Loader = new DiskLoader(files),
            Served = new ServedModel(Catalogue.Model, new PredictionRecorder(false, time), new ModelBoard(Catalogue.Model)),
            Time = time,
            Tell = happened => Told.Add(happened),
            KeptByOthers = () => new HashSet<string>(),
        };
        reconciler = new ModelReconciler(Room);
        reconciler.Start();
    }

    public DeviceDisk Disk { get; }

    public ModelRoom Room { get; }

    public List<AgentEvent> Told { get; } = [];

    public string? Serving => Room.Served.Slot.Current is { } current ? Catalogue.NameOf(current.Version) : null;

    public AgentState State => reconciler.State;

    public ModelStatus Status => Room.Served.Board.Status;

    public static AgentConfiguration Configuration { get; } = new()
    {
        Device = Name, Environment = Deployment.Environment, Models = [Catalogue.Model], SourceGit = "", Store = "", TrustedKeys = [], Data = Data, SoakSeconds = 0,
    };

    public Task TurnAsync(bool pause = false, bool recover = false) => reconciler.RunOnceAsync(pause, recover, CancellationToken.None);

    /// <summary>The end in good order.</summary>
    public void Stop() => reconciler.Stop();

    public void Dispose()
    {
        reconciler.Dispose();
        Room.Served.Dispose();
        Room.Store.Dispose();
    }

    /// <summary>Loads what the disk really holds.</summary>
    private sealed class DiskLoader(IDeviceFiles files) : IModelLoader
    {
        public string RuntimeVersion => Support.Runtime.Version;

        public IModelInstance Load(string path) => Catalogue.Load(DurableFile.Read(files, path, 1 << 20)!);
    }
}
