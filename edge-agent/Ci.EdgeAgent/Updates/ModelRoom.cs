using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.Rollouts;
using Ci.EdgeAgent.Serving;
using Ci.EdgeAgent.Sources;
using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Updates;

/// <summary>All that the steps of one model work with.</summary>
internal sealed record ModelRoom
{
    public required string Model { get; init; }

    public required AgentConfiguration Configuration { get; init; }

    public required IReadOnlyList<TrustedKey> Keys { get; init; }

    public required IDeviceFiles Files { get; init; }

    public required StateStore Store { get; init; }

    public required ObjectStore Objects { get; init; }

    public required IDeploySource Source { get; init; }

    public required IBlobStore Blobs { get; init; }

    /// <summary>Null fetches from <see cref="Blobs"/> alone, with the settings' defaults.</summary>
    public IObjectFetcher? Fetcher { get; init; }

    /// <summary>Null knows no signed time.</summary>
    public SourceMemory? Memory { get; init; }

    public required IModelLoader Loader { get; init; }

    public required ServedModel Served { get; init; }

    /// <summary>What loads of the model take.</summary>
    public LoadMemory LoadMemory { get; } = new();

    public required TimeProvider Time { get; init; }

    /// <summary>Takes every event: log and telemetry.</summary>
    public required Action<AgentEvent> Tell { get; init; }

    /// <summary>What other models of this device keep in the shared object store; null where that cannot be told, and nothing may be collected.</summary>
    public required Func<IReadOnlySet<string>?> KeptByOthers { get; init; }

    /// <summary>Whether an operator pinned this release of the model: its files are kept.</summary>
    public Func<string, bool> IsPinned { get; init; } = _ => false;

    /// <summary>What an operator asks of this model now.</summary>
    public Func<OperatorOrders> Orders { get; init; } = () => OperatorOrders.None;

    /// <summary>Says that an asked roll-back is under way and in the journal.</summary>
    public Action RollBackDone { get; init; } = () => { };

    /// <summary>The device needs what runs and what proves it; evaluations and predictions stay in the store.</summary>
    public static IEnumerable<Artifact> Needed(Release release) =>
        release.Artifacts.Where(a => a.Role is ArtifactRole.Model or ArtifactRole.Golden or ArtifactRole.Other);

    /// <summary>Says in the status what a step that takes long is waiting for; the next state takes the words away.</summary>
    public void Waits(string words)
    {
        if (Served.Board.Status.WaitsFor != words)
            Served.Board.Change(s => s with { WaitsFor = words, WhyNot = words });
    }

    public void Happened(string kind, string message, string? code = null, string? release = null, string? version = null)
    {
        var happened = new AgentEvent(Time.GetUtcNow(), kind, message, code, release, version);
        Served.Board.Add(happened);
        Tell(happened);
    }
}
