namespace Ci.EdgeAgent.Generations;

/// <summary>Which generation new requests take. Swapping is one pointer write: nobody waits and no request fails because of it.</summary>
internal sealed class GenerationSlot : IDisposable
{
    private Generation? current;

    public Generation? Current => Volatile.Read(ref current);

    /// <summary>The current generation with a lease on it, to be given back; null where nothing serves.</summary>
    public Generation? Lease()
    {
        for (var seen = Volatile.Read(ref current); seen is not null; seen = Volatile.Read(ref current))
        {
            if (seen.TryLease())
                return seen;
        }

        return null;
    }

    /// <summary>From here on new requests take <paramref name="next"/>; the old one ends with its last request.</summary>
    public void Swap(Generation? next) => Interlocked.Exchange(ref current, next)?.GiveBack();

    public void Dispose() => Swap(null);
}
