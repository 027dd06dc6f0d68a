using System.Collections.Concurrent;
using Ci.EdgeAgent.Serving;
using Ci.Onnx;

namespace Ci.EdgeAgent.Generations;

/// <summary>
/// One loaded model with counted leases. The slot holds one lease; every running request holds one more. Whoever gives back the last one
/// disposes the model: never under a running call, and never later than needed.
/// </summary>
internal sealed class Generation(IModelInstance instance, string model, string release, string version) : IDisposable
{
    private const int PooledCalls = 64;
    private readonly ConcurrentQueue<InferenceCall> calls = new();
    private int leases = 1;
    private int pooled;
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ICallWatch? watch;

    public IModelInstance Instance { get; } = instance;

    public string Model { get; } = model;

    /// <summary>The release's id.</summary>
    public string Release { get; } = release;

    public string Version { get; } = version;

    /// <summary>The signed limit of the 95th percentile in milliseconds; null where none was signed.</summary>
    public double? MaxP95LatencyMs { get; init; }

    public GenerationHealth Health { get; } = new();

    /// <summary>Who looks at its calls; null where nobody does.</summary>
    public ICallWatch? Watch
    {
        get => Volatile.Read(ref watch);
        set => Volatile.Write(ref watch, value);
    }

    public bool IsDisposed => Volatile.Read(ref leases) == 0;

    /// <summary>False where the last lease is gone already: ask the slot again.</summary>
    public bool TryLease()
    {
        for (var seen = Volatile.Read(ref leases); seen > 0;)
        {
            var before = Interlocked.CompareExchange(ref leases, seen + 1, seen);
            if (before == seen)
                return true;
            seen = before;
        }

        return false;
    }

    /// <summary>Ends when the model is disposed, which happens on a thread of its own: no request pays for it.</summary>
    public Task Gone => gone.Task;

    public void GiveBack()
    {
        if (Interlocked.Decrement(ref leases) > 0)
            return;
        if (Instance.LivesElsewhere)
            _ = Task.Run(Retire);
        else
            QuietThread.Post(Retire);
    }

    /// <summary>A reusable call of this model, for one request at a time. Only under a lease, and returned before the lease is given back.</summary>
    public InferenceCall RentCall()
    {
        if (!calls.TryDequeue(out var call))
            return RentNew();
        Interlocked.Decrement(ref pooled);
        return call;
    }

    public void ReturnCall(InferenceCall call)
    {
        if (call.IsSmall && Interlocked.Increment(ref pooled) <= PooledCalls)
        {
            calls.Enqueue(call);
            return;
        }

        if (call.IsSmall)
            Interlocked.Decrement(ref pooled);
        call.Dispose();
    }

    /// <summary>
    /// Makes as many calls ready as the generation before keeps, for the shapes that its callers ask with: else the first ones after a swap, all at
    /// once, would pay for buffers and bindings.
    /// </summary>
    /// <param name="before">Under a lease, or the slot's.</param>
    /// <param name="samples">One value for each declared input that the model is known to take; their rows fill what is asked.</param>
    public void Prime(Generation before, IReadOnlyList<OnnxValue?> samples)
    {
        Instance.Expect(before.calls.Count);
        for (var left = before.calls.Count; left > 0 && before.calls.TryDequeue(out var like); left--)
        {
            var call = RentNew();
            var fits = call.TryFill(like, samples);
            before.calls.Enqueue(like);
            try
            {
                if (fits)
                    call.Run();
            }
            catch (OnnxException)
            {
                // Whoever asks so will hear it; a candidate is judged by its golden set.
            }

            ReturnCall(call);
        }
    }

    /// <summary>Gives back the owner's lease: for a candidate that never served. The slot does it for those that did.</summary>
    public void Dispose() => GiveBack();

    private InferenceCall RentNew() => new(Instance.Inputs, Instance.Outputs, new WatchedCaller(this, Instance.NewCaller()));

    private void Retire()
    {
        try
        {
            // Every call came back before its lease did, so the pool holds all bindings, and they go before their session.
            while (calls.TryDequeue(out var call))
                call.Dispose();
            Instance.Dispose();
        }
        finally
        {
            QuietThread.Ring(gone.SetResult);
        }
    }
}
