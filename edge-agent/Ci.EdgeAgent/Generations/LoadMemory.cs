namespace Ci.EdgeAgent.Generations;

/// <summary>
/// What a load of one model takes at its highest: measured at the loads that this process made of it (what serves after a start is the first), estimated
/// from the file only for a model that it never loaded, and for what a release is larger than those.
/// </summary>
internal sealed class LoadMemory
{
    /// <summary>Weights once as they are in the file, once as the runtime packs them for its kernels, and once while both exist.</summary>
    private const double FileFactor = 3;

    private readonly Lock gate = new();
    private (long FileBytes, long Bytes)? dearest;

    /// <summary>Whether something was measured.</summary>
    public bool IsMeasured
    {
        get
        {
            lock (gate)
                return dearest is not null;
        }
    }

    /// <summary>Bytes that should be free before a load.</summary>
    /// <param name="fileBytes">The model's files.</param>
    /// <param name="signedPeak">The release's own limit of memory; a model whose activations are larger than its weights says so there.</param>
    public long Needed(long fileBytes, long? signedPeak)
    {
        lock (gate)
        {
            var load = dearest is { } measured
                ? Math.Max(fileBytes, measured.Bytes) + (long)(Math.Max(0, fileBytes - measured.FileBytes) * FileFactor)
                : (long)(fileBytes * FileFactor);
            return Math.Max(load, Math.Min(signedPeak ?? 0, load * 2));
        }
    }

    /// <summary>Loads, and remembers what it took. Loads of several models at once count for each other: too much is asked then, not too little.</summary>
    public IModelInstance Measure(long fileBytes, Func<IModelInstance> load)
    {
        var before = MemoryRoom.BeginPeak();
        var instance = load();
        if ((instance.PeakBytes ?? MemoryRoom.PeakSince(before)) is { } bytes)
        {
            lock (gate)
            {
                if (dearest is null || bytes > dearest.Value.Bytes)
                    dearest = (fileBytes, bytes);
            }
        }

        return instance;
    }
}
