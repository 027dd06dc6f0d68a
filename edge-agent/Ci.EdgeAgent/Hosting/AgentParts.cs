using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.Serving.Batching;
using Ci.EdgeAgent.Sources;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.EdgeAgent.Telemetry;
using Ci.EdgeAgent.Updates;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Hosting;

/// <summary>What the models of one agent share, composed once, and the room of each model made from it.</summary>
internal sealed class AgentParts : IAsyncDisposable
{
    private readonly AgentConfiguration configuration;
    private readonly AgentWorld world;
    private readonly FileStream ownership;
    private readonly IReadOnlyList<TrustedKey> keys;
    private readonly IModelLoader loader;
    private readonly SourceSet sources;
    private readonly IBlobStore blobs;
    private readonly IBlobStore? mailbox;

    public AgentParts(AgentConfiguration configuration, AgentWorld world)
    {
        (this.configuration, this.world) = (configuration, world);
        Log = new AgentLog(world.Log, world.Time, world.Mask, AgentLog.FormatOf(configuration.Log, world));
        keys = TrustedKeyFiles.Read(configuration.TrustedKeys);
        loader = ModelLoaders.Create(configuration, world);
        ownership = Own(configuration.Data);
        Control = new AgentControl(world.Files, configuration.Data, configuration.Models);
        Control.Prepare();
        Budget = new FlashBudget(world.Files, configuration.Data, configuration.Quota.WriteBytesPerDay, world.Time);
        Files = new MeteredFiles(world.Files, Budget.Written);
        Objects = new ObjectStore(Files, configuration.Data, configuration.Quota, Budget);
        sources = new SourceSet(configuration, world, keys, Files, Objects);
        blobs = Open(configuration.Store);
        mailbox = configuration.MailboxStore is { } address ? Open(address) : null;

        // Credentials come from the service's environment, never from the configuration, which may be shared.
        IBlobStore Open(string address) => BlobStores.Default.Open(new BlobLocation(address) { Environment = world.Environment, Time = world.Time, Proxy = sources.Proxy });
    }

    public AgentLog Log { get; }

    public AgentControl Control { get; }

    public FlashBudget Budget { get; }

    public MeteredFiles Files { get; }

    public ObjectStore Objects { get; }

    public string RuntimeVersion => loader.RuntimeVersion;

    /// <summary>One model's part of the agent.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="keptByOthers">What the other models keep in the shared object store.</param>
    public ModelAgent Compose(string model, Func<IReadOnlySet<string>?> keptByOthers)
    {
        var served = new ServedModel(model, new PredictionRecorder(mailbox is not null, world.Time), new ModelBoard(model)) { Batcher = Batcher.For(configuration, model, world.Time) };
        var reporter = mailbox is null
            ? null
            : new TelemetryReporter(configuration, served, new TelemetrySpool(Files, Path.Combine(configuration.Data, "telemetry", model)), mailbox, world.Time);
        var room = new ModelRoom
        {
            Model = model,
            Configuration = configuration,
            Keys = keys,
            Files = Files,
            Store = StateStore.Open(Files, Path.Combine(configuration.Data, "models", model)),
            Objects = Objects,
            Source = sources.Source,
            Fetcher = sources.Fetcher,
            Memory = sources.Memory,
            Blobs = blobs,
            Loader = loader,
            Served = served,
            Time = world.Time,
            Tell = happened => Tell(model, happened, reporter),
            Orders = () => Control.OrdersFor(model),
            RollBackDone = () => Control.RollBackDone(model),
            IsPinned = id => Control.OrdersFor(model).Pin == id,
            KeptByOthers = keptByOthers,
        };
        return new ModelAgent(room, reporter, Control, new PollPace(configuration.PollSeconds, PollPace.SeedOf(configuration.Device + model)));
    }

    public ValueTask DisposeAsync()
    {
        sources.Dispose();
        return ownership.DisposeAsync();
    }

    private void Tell(string model, AgentEvent happened, TelemetryReporter? reporter)
    {
        Log.Write(model, happened);
        var clean = StatusCleaning.Clean(happened, world.Mask);
        reporter?.Tell(clean);
        world.Told?.Invoke(model, clean);
    }

    private static FileStream Own(string data)
    {
        try
        {
            Directory.CreateDirectory(data);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EdgeAgentException($"the folder {data} cannot be made ({error.Message}); let the agent's user write there, or give another `data`", error);
        }

        try
        {
            return new FileStream(Path.Combine(data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new EdgeAgentException($"another agent works in {data} ({error.Message}); stop it, or give this one its own `data`", error);
        }
    }
}
