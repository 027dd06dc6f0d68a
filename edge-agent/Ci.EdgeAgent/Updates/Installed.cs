using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;
using Ci.Releases;

namespace Ci.EdgeAgent.Updates;

/// <summary>What lies on this device's disk, proven again each time before it is used.</summary>
internal static class Installed
{
    private const long LargeBytes = 32L << 20;

    /// <summary>Signature, document and every needed file, all from disk.</summary>
    /// <exception cref="ReleaseRefusedException">The first rule that does not hold.</exception>
    public static VerifiedRelease Verify(ModelRoom room, string id)
    {
        var kept = room.Store.ReadRelease(id)
            ?? throw new ReleaseRefusedException(RefusalCode.BlobMissing, $"the document of release {id[..12]} is not on this device");
        var verified = ReleaseVerification.Verify(kept.Release, kept.Bundle, room.Keys);
        if (verified.Release.Id.Hex != id || verified.Release.Name != room.Model)
            throw new ReleaseRefusedException(RefusalCode.ReleaseIdMismatch, $"the kept document of release {id[..12]} is that of {verified.Release.Name} {verified.Release.Id.Brief}");
        foreach (var artifact in ModelRoom.Needed(verified.Release).Where(a => !room.Objects.IsIntact(a.Sha256.Hex, a.Bytes)))
            throw new ReleaseRefusedException(RefusalCode.DigestMismatch, $"{artifact.Path} of {verified.Release.Version} is damaged on this device's disk");
        return verified;
    }

    /// <summary>
    /// Verifies, and holds the release and its model to this device's own rules as they are now: what was installed under older ones must not
    /// serve under these.
    /// </summary>
    /// <exception cref="ReleaseRefusedException">The first rule that does not hold.</exception>
    public static VerifiedRelease Admit(ModelRoom room, string id)
    {
        var verified = Verify(room, id);
        var (trust, runtime) = (room.Configuration.Trust, room.Loader.RuntimeVersion);
        TargetRules.CheckDevice(verified.Release, trust, runtime);
        ModelRules.Check(verified.Release, trust, runtime, room.Files, room.Objects);
        return verified;
    }

    public static GoldenSet Golden(ModelRoom room, Release release)
    {
        var artifact = release.ByRole(ArtifactRole.Golden)!;
        return GoldenSet.Read(DurableFile.Read(room.Files, room.Objects.PathOf(artifact.Sha256.Hex), GoldenSet.MaxDocumentBytes)!);
    }

    /// <summary>Loads a verified release.</summary>
    /// <exception cref="ReleaseRefusedException">load-failed, with the runtime's own text.</exception>
    public static Generation Load(ModelRoom room, Release release)
    {
        try
        {
            var model = room.Objects.PathOf(release.Model.Sha256.Hex);
            var files = SideFiles.Of(release, room.Objects);
            var instance = room.LoadMemory.Measure(SideFiles.WeightBytes(release), () => files is null ? room.Loader.Load(model) : room.Loader.Load(model, files));
            var generation = new Generation(instance, room.Model, release.Id.Hex, release.Version)
            {
                MaxP95LatencyMs = release.Limits.MaxP95LatencyMs,
            };
            generation.Instance.LimitMemory(room.Configuration.Swap.MostOfChild(release.Limits.MaxPeakMemoryBytes));
            return generation;
        }
        catch (OnnxException error)
        {
            throw new ReleaseRefusedException(RefusalCode.LoadFailed, $"{release.Version} does not load here: {error.Message}", error);
        }
    }

    /// <summary>Admits, loads and asks the golden set of a release that served on this device before.</summary>
    public static (Generation Generation, Release Release) Revive(ModelRoom room, string id)
    {
        var release = Admit(room, id).Release;
        // Else the load's own peak comes on top of what looking into the model took.
        if (release.Model.Bytes > LargeBytes)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var generation = Load(room, release);
        try
        {
            GoldenGate.Recheck(generation.Instance, Golden(room, release));
            return (generation, release);
        }
        catch (OnnxException error)
        {
            generation.Dispose();
            throw new ReleaseRefusedException(RefusalCode.LoadFailed, $"{release.Version} does not run here: {error.Message}", error);
        }
        catch
        {
            generation.Dispose();
            throw;
        }
    }
}
