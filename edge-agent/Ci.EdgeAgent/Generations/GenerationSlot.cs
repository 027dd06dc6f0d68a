namespace Ci.EdgeAgent.Generations;

/// <summary>
/// Which generation new requests take. Swapping is one pointer write: nobody waits and no request fails because of it. While a canary
/// runs, a share of the requests takes the candidate: those with a key by the key's hash (the same caller stays with the same generation, and who
/// was in at 1 % is in at 10 %), the others by chance.
/// </summary>
internal sealed class GenerationSlot : IDisposable
{
    private readonly Lock writing = new();
    private Route route = new(null, null, 0, 0);
    private long drawn;

    public Generation? Current => Volatile.Read(ref route).Current;

    /// <summary>The canary; null where there is none.</summary>
    public Generation? Candidate => Volatile.Read(ref route).Candidate;

    /// <summary>The share of requests that takes the canary; 0 where there is none.</summary>
    public double CandidateShare => Volatile.Read(ref route).Share;

    /// <summary>A generation with a lease on it, to be given back; null where nothing serves.</summary>
    public Generation? Lease() => Lease([]);

    /// <inheritdoc cref="Lease()"/>
    /// <param name="key">What makes requests belong together, such as a user's or a line's name; empty where the caller gave none.</param>
    public Generation? Lease(ReadOnlySpan<char> key)
    {
        for (var seen = Volatile.Read(ref route); seen.Current is not null; seen = Volatile.Read(ref route))
        {
            if (seen.Candidate is { } candidate && Takes(seen, key) && candidate.TryLease())
                return candidate;
            if (seen.Current.TryLease())
                return seen.Current;
        }

        return null;
    }

    /// <summary>From here on new requests take <paramref name="next"/>, which the slot owns from now on; the old one ends with its last request. Ends a canary.</summary>
    public void Swap(Generation? next)
    {
        Generation? old;
        lock (writing)
        {
            old = route.Current;
            Volatile.Write(ref route, new Route(next, null, 0, 0));
        }

        old?.GiveBack();
    }

    /// <summary>Gives the candidate this share of new requests. It stays its owner's: end the canary before giving it up.</summary>
    public void StartCanary(Generation candidate, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(share is > 0 and <= 1, true);
        lock (writing)
            Volatile.Write(ref route, new Route(route.Current, candidate, share, StableHash.Of(candidate.Release)));
    }

    /// <summary>All new requests take the current generation again.</summary>
    public void EndCanary()
    {
        lock (writing)
        {
            if (route.Candidate is not null)
                Volatile.Write(ref route, new Route(route.Current, null, 0, 0));
        }
    }

    public void Dispose() => Swap(null);

    // The salt lets another release try another part of the callers.
    private bool Takes(Route seen, ReadOnlySpan<char> key) =>
        StableHash.ToUnit(key.IsEmpty ? StableHash.Mix((ulong)Interlocked.Increment(ref drawn)) : StableHash.Of(key, seen.Salt)) < seen.Share;

    private sealed record Route(Generation? Current, Generation? Candidate, double Share, ulong Salt);
}
