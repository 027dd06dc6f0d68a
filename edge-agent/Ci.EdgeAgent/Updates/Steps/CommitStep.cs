using Ci.EdgeAgent.States;
using Ci.EdgeAgent.Status;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>The pointer on disk first, then the slot: after a power cut between the two, the restart serves what the pointer says.</summary>
internal sealed class CommitStep(ModelRoom room) : IUpdateStep
{
    public AgentState State => AgentState.Commit;

    public Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        var (wanted, release, generation, now) = (update.Candidate!, update.Verified!.Release, update.Generation!, room.Time.GetUtcNow());
        room.Store.Point(room.Store.Pointer with { Current = wanted.Release, Sequence = wanted.Sequence, SequenceRelease = update.Channel?.Release.Hex ?? wanted.Release, Since = now });
        Serve(room, release, generation, update.Proof, now);
        update.Generation = null;
        room.Happened(TelemetryEventKind.Swap, $"serving {release.Version} from now on", release: wanted.Release, version: release.Version);
        return Task.FromResult(StepResult.Done($"{release.Version} serves"));
    }

    /// <summary>The slot takes the generation; the board says so.</summary>
    public static void Serve(ModelRoom room, Release release, Generations.Generation generation, GateProof? proof, DateTimeOffset since)
    {
        generation.Health.Reset();
        room.Served.Slot.Swap(generation);
        var serving = new ServingStatus
        {
            Release = release.Id.Hex,
            Version = release.Version,
            ModelSha256 = release.Model.Sha256.Hex,
            Since = since,
            Provider = generation.Instance.Provider,
            ProviderFallback = generation.Instance.ProviderFallbackReason,
            Proof = proof,
        };
        room.Served.Board.Change(s => s with { Serving = serving, Installed = s.Installed ?? new ReleaseStatus(serving.Release, serving.Version, room.Store.Pointer.Sequence, serving.ModelSha256) });
    }
}
