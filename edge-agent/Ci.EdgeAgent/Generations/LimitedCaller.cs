using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>A way into a model of this process whose runs are ended when they take too long. The session and the way itself stay usable.</summary>
internal sealed class LimitedCaller : IModelCaller
{
    private const long Resting = 0;
    private const long Cut = -1;
    private readonly OnnxCaller inner;
    private readonly RunLimit limit;
    private readonly Lock gate = new();
    private long began;

    public LimitedCaller(OnnxCaller inner, RunLimit limit)
    {
        (this.inner, this.limit) = (inner, limit);
        limit.Add(this);
    }

    public long KeptBytes => inner.KeptBytes;

    public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs)
    {
        Interlocked.Exchange(ref began, limit.Now);
        limit.Begun();
        try
        {
            return inner.Run(inputs);
        }
        catch (OnnxException error) when (Volatile.Read(ref began) == Cut)
        {
            throw new RunCutShortException($"it ran longer than {limit.Most.TotalSeconds:G} s (`limits.timeoutSeconds`) and was ended", error);
        }
        finally
        {
            if (Interlocked.Exchange(ref began, Resting) == Cut)
                Resume();
        }
    }

    /// <summary>Whether a run is under way. One for which <paramref name="isTooLong"/> holds, given when it began, is ended.</summary>
    public bool IsRunning(Func<long, bool> isTooLong)
    {
        var since = Volatile.Read(ref began);
        if (since is Resting or Cut)
            return false;
        if (!isTooLong(since))
            return true;
        lock (gate)
        {
            // The run may have ended by itself meanwhile, and the next one must not pay for it.
            if (Interlocked.CompareExchange(ref began, Cut, since) == since)
                inner.Terminate();
        }

        return false;
    }

    public void Dispose()
    {
        limit.Remove(this);
        inner.Dispose();
    }

    private void Resume()
    {
        lock (gate)
            inner.Resume();
    }
}
