using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.Serving.Batching;
using Ci.EdgeAgent.Serving.Grpc;
using Ci.EdgeAgent.Sources;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.EdgeAgent.Telemetry;
using Ci.EdgeAgent.Updates;
using Ci.Onnx;
using Ci.Storage;

namespace Ci.EdgeAgent.Hosting;

/// <summary>The whole agent: composed here, serving from disk before it asks any network, stopped in good order.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);
    private readonly AgentConfiguration configuration;
    private readonly AgentWorld world;
    private readonly FileStream ownership;
    private readonly List<ModelAgent> models = [];
    private readonly FlashBudget budget;
    private readonly MeteredFiles files;
    private readonly ObjectStore objects;
    private readonly SourceSet sources;
    private PeerListener? peers;
    private readonly string runtimeVersion;
    private readonly DateTimeOffset startedAt;
    private Listener? listener;

    private Agent(AgentConfiguration configuration, AgentWorld world)
    {
        (this.configuration, this.world) = (configuration, world);
        startedAt = world.Time.GetUtcNow();
        Log = new AgentLog(world.Log, world.Time, world.Mask, AgentLog.FormatOf(configuration.Log, world.Environment));
        var keys = TrustedKeyFiles.Read(configuration.TrustedKeys);
        var loader = ModelLoaders.Create(configuration, world);
        runtimeVersion = loader.RuntimeVersion;
        ownership = Own(configuration.Data);
        Control = new AgentControl(world.Files, configuration.Data, configuration.Models);
        Control.Prepare();
        budget = new FlashBudget(world.Files, configuration.Data, configuration.Quota.WriteBytesPerDay, world.Time);
        files = new MeteredFiles(world.Files, budget.Written);
        objects = new ObjectStore(files, configuration.Data, configuration.Quota, budget);
        sources = new SourceSet(configuration, world, keys, files, objects);
        var stores = (Blobs: Open(configuration.Store), Mailbox: configuration.MailboxStore is { } mailbox ? Open(mailbox) : null);
        foreach (var model in configuration.Models)
            models.Add(Compose(model, keys, loader, stores));

        // Credentials come from the service's environment, never from the configuration, which may be shared.
        IBlobStore Open(string address) => BlobStores.Default.Open(new BlobLocation(address) { Environment = world.Environment, Time = world.Time });
    }

    public AgentLog Log { get; }

    public AgentControl Control { get; }

    public IReadOnlyList<ModelAgent> Models => models;

    /// <summary>Where peers may ask; null where they may not.</summary>
    public string? PeerAddress => peers?.Address;

    public string? GrpcAddress => listener?.GrpcAddress;

    public string Address => listener?.Address ?? configuration.Listen;

    /// <summary>When it returns, everything on disk that may serve is serving, and the listener answers. No network was asked.</summary>
    public static async Task<Agent> StartAsync(AgentConfiguration configuration, AgentWorld world, CancellationToken ct)
    {
        var agent = new Agent(configuration, world);
        try
        {
            agent.models.ForEach(model => model.Start());
            if (!world.Listens)
                return agent;
            agent.listener = await Listener.StartAsync(configuration, agent.Route(), ct);
            if (configuration.Fetch.PeerListen is { } shared)
                agent.peers = await PeerListener.StartAsync(shared, agent.objects, agent.files, ct);
            agent.Log.Line($"listening on {agent.Address}{(agent.GrpcAddress is { } grpc ? $", gRPC on {grpc}" : "")} (edge-agent {AgentVersion.Number}, ONNX Runtime {agent.runtimeVersion})");
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Follows the channels until cancelled, then stops accepting, drains, and flushes telemetry.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await Task.WhenAll(models.Select(model => model.RunAsync(ct)));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Log.Line("stopping: no new requests, finishing those under way");
        }

        if (listener is not null)
            await listener.DrainAsync(world.Time, CancellationToken.None);
        using var enough = new CancellationTokenSource(FlushTime, world.Time);
        foreach (var model in models)
            await StopAsync(model, enough.Token);
        Log.Line("stopped");
    }

    public AgentStatus Status() => new()
    {
        Device = configuration.Device,
        Environment = configuration.Environment,
        Version = AgentVersion.Number,
        OnnxRuntime = runtimeVersion,
        StartedAt = startedAt,
        Now = world.Time.GetUtcNow(),
        Models = models.ConvertAll(m => StatusCleaning.Clean(m.Served.Board.Read(m.Served.Slot.Current), world.Mask)),
        Isolation = configuration.Swap.Isolation,
        ResidentBytes = Environment.WorkingSet,
        TelemetryQueued = models.Sum(m => m.Reporter?.Queued ?? 0),
        TelemetryDropped = models.Sum(m => m.Reporter?.Dropped ?? 0),
        TelemetryError = models.Select(m => m.Reporter?.Error).FirstOrDefault(e => e is not null) is { } error ? world.Mask.Clean(error) : null,
    };

    public async ValueTask DisposeAsync()
    {
        if (listener is not null)
            await listener.DisposeAsync();
        models.ForEach(model => model.Dispose());
        if (peers is not null)
            await peers.DisposeAsync();
        sources.Dispose();
        await ownership.DisposeAsync();
    }

    private InferenceRouter Route()
    {
        var served = models.ConvertAll(model => model.Served);
        var admission = new Admission(configuration.MaxConcurrency);
        var bodies = new RequestBodies(configuration, world.Time);
        return new InferenceRouter(
            served,
            new InferenceEndpoint(admission, bodies, world.Time),
            new AgentPages(Status, served, admission),
            new GrpcEndpoint(new GrpcService(served, admission, world.Time), bodies, world.Time));
    }

    private static async Task StopAsync(ModelAgent model, CancellationToken ct)
    {
        try
        {
            await model.StopAsync(ct);
        }
        catch (OperationCanceledException)
        {
            // The mailbox did not answer in time; the batch is on disk.
        }
    }

    private ModelAgent Compose(string model, IReadOnlyList<Ci.Releases.TrustedKey> keys, IModelLoader loader, (IBlobStore Blobs, IBlobStore? Mailbox) stores)
    {
        var folder = Path.Combine(configuration.Data, "models", model);
        var served = new ServedModel(model, new PredictionRecorder(stores.Mailbox is not null, world.Time), new ModelBoard(model)) { Batcher = Batcher.For(configuration, model, world.Time) };
        var reporter = stores.Mailbox is { } mailbox
            ? new TelemetryReporter(configuration, served, new TelemetrySpool(files, Path.Combine(configuration.Data, "telemetry", model)), mailbox, world.Time)
            : null;
        var room = new ModelRoom
        {
            Model = model,
            Configuration = configuration,
            Keys = keys,
            Files = files,
            Store = StateStore.Open(files, folder),
            Objects = objects,
            Source = sources.Source,
            Fetcher = sources.Fetcher,
            Memory = sources.Memory,
            Blobs = stores.Blobs,
            Loader = loader,
            Served = served,
            Time = world.Time,
            Tell = happened =>
            {
                Log.Write(model, happened);
                var clean = StatusCleaning.Clean(happened, world.Mask);
                reporter?.Tell(clean);
                world.Told?.Invoke(model, clean);
            },
            Orders = () => Control.OrdersFor(model),
            RollBackDone = () => Control.RollBackDone(model),
            IsPinned = id => Control.OrdersFor(model).Pin == id,
            KeptByOthers = () => KeptExceptBy(model),
        };
        return new ModelAgent(room, reporter, Control, new PollPace(configuration.PollSeconds, PollPace.SeedOf(configuration.Device + model)));
    }

    private HashSet<string>? KeptExceptBy(string model)
    {
        var kept = models.Where(m => m.Served.Name != model).Select(m => Housekeeping.Kept(m.Room)).ToList();
        return kept.Contains(null) ? null : kept.SelectMany(k => k!).ToHashSet(StringComparer.Ordinal);
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
