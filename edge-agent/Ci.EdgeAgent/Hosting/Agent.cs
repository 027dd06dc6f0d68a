using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.Serving.Grpc;
using Ci.EdgeAgent.Status;
using Ci.EdgeAgent.Updates;

namespace Ci.EdgeAgent.Hosting;

/// <summary>The whole agent: serving from disk before it asks any network, stopped in good order.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);
    private readonly AgentConfiguration configuration;
    private readonly AgentWorld world;
    private readonly AgentParts parts;
    private readonly List<ModelAgent> models = [];
    private readonly DateTimeOffset startedAt;
    private PeerListener? peers;
    private Listener? listener;

    private Agent(AgentConfiguration configuration, AgentWorld world)
    {
        (this.configuration, this.world) = (configuration, world);
        startedAt = world.Time.GetUtcNow();
        parts = new AgentParts(configuration, world);
        foreach (var model in configuration.Models)
            models.Add(parts.Compose(model, () => KeptExceptBy(model)));
    }

    public AgentLog Log => parts.Log;

    public AgentControl Control => parts.Control;

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
                agent.peers = await PeerListener.StartAsync(shared, agent.parts.Objects, agent.parts.Files, ct);
            agent.Log.Line($"listening on {agent.Address}{(agent.GrpcAddress is { } grpc ? $", gRPC on {grpc}" : "")} (edge-agent {AgentVersion.Number}, ONNX Runtime {agent.parts.RuntimeVersion})");
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
        OnnxRuntime = parts.RuntimeVersion,
        StartedAt = startedAt,
        Now = world.Time.GetUtcNow(),
        Models = models.ConvertAll(m => StatusCleaning.Clean(m.Served.Board.Read(m.Served.Slot.Current), world.Mask)),
        Isolation = configuration.Swap.Isolation,
        ResidentBytes = Environment.WorkingSet,
        WrittenToday = parts.Budget.Count?.Bytes,
        WrittenTotal = parts.Budget.Count?.TotalBytes,
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
        await parts.DisposeAsync();
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

    private HashSet<string>? KeptExceptBy(string model)
    {
        var kept = models.Where(m => m.Served.Name != model).Select(m => Housekeeping.Kept(m.Room)).ToList();
        return kept.Contains(null) ? null : kept.SelectMany(k => k!).ToHashSet(StringComparer.Ordinal);
    }
}
