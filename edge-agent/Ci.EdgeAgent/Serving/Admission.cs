namespace Ci.EdgeAgent.Serving;

/// <summary>At most so many inferences at once; the next one is told to come back instead of making all of them slow.</summary>
internal sealed class Admission(int limit)
{
    private int running;

    public int Running => Volatile.Read(ref running);

    public bool IsFull => Running >= limit;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref running) <= limit)
            return true;
        Interlocked.Decrement(ref running);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref running);
}
