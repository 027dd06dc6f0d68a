using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.States;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Updates.Steps;

/// <summary>Brings every needed artifact into the object store, bounded by its signed size and continued where it was cut off.</summary>
internal sealed class FetchStep(ModelRoom room) : IUpdateStep
{
    public AgentState State => AgentState.Fetch;

    public async Task<StepResult> RunAsync(Update update, CancellationToken ct)
    {
        var release = update.Verified!.Release;
        // The documents first: they name what is in flight, so that no other model's housekeeping takes it, after a restart either.
        room.Store.KeepRelease(release.Id.Hex, update.ReleaseBytes, update.BundleBytes);
        foreach (var artifact in ModelRoom.Needed(release))
            await FetchAsync(artifact, ct);
        return StepResult.Done($"every file of {release.Version} is here");
    }

    private async Task FetchAsync(Artifact artifact, CancellationToken ct)
    {
        var (hex, key) = (artifact.Sha256.Hex, BlobKeys.OfSha256(artifact.Sha256.Hex));
        if (!room.Objects.Has(hex, artifact.Bytes))
        {
            var there = await room.Blobs.StatAsync(key, ct)
                ?? throw new BlobNotFoundException(key, room.Blobs.Description);
            if (there.Length != artifact.Bytes)
                throw new ReleaseRefusedException(RefusalCode.SizeMismatch, $"{artifact.Path} has {there.Length} bytes in {room.Blobs.Description}; {artifact.Bytes} were signed");
        }

        var outcome = await room.Objects.StoreAsync(hex, artifact.Bytes, (offset, token) => room.Blobs.OpenReadAsync(key, offset, token), ct);
        if (outcome == StoreOutcome.DigestMismatch)
            throw new ReleaseRefusedException(RefusalCode.DigestMismatch, $"{artifact.Path} in {room.Blobs.Description} is not the file that was signed (its SHA-256 is not {artifact.Sha256.Brief}…)");
        if (outcome == StoreOutcome.SizeMismatch)
            throw new ReleaseRefusedException(RefusalCode.SizeMismatch, $"{artifact.Path} in {room.Blobs.Description} goes on after the {artifact.Bytes} bytes that were signed");
    }
}
