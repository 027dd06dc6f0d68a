using Ci.EdgeAgent.Fetching;
using Ci.EdgeAgent.Sources;
using Ci.EdgeAgent.States;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>Brings every needed artifact into the object store, bounded by its signed size and continued where it was cut off.</summary>
internal sealed class FetchStep(ModelRoom room) : IUpdateStep
{
    private readonly IObjectFetcher fetcher = room.Fetcher ?? new ObjectFetcher(
        room.Objects,
        () => [Mirror.Of(room.Blobs, room.Time)],
        new FetchPolicy(room.Configuration.Fetch, new TrustedClock(room.Time), room.Time),
        room.Configuration.Fetch,
        room.Time,
        seed: 1);

    public AgentState State => AgentState.Fetch;

    public async Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        var release = update.Verified!.Release;
        // The documents first: they name what is in flight, so that no other model's housekeeping takes it, after a restart either.
        room.Store.KeepRelease(release.Id.Hex, update.ReleaseBytes, update.BundleBytes);
        var report = FetchReport.Nothing;
        foreach (var artifact in ModelRoom.Needed(release))
            report += await fetcher.FetchAsync(artifact, ct);
        return StepResult.Done($"every file of {release.Version} is here: {report.InWords()}");
    }
}
