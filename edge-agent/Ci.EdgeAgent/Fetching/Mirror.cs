using Ci.Storage;

namespace Ci.EdgeAgent.Fetching;

/// <summary>One place that may hold the blobs, and what this process remembers of how it behaved.</summary>
internal sealed class Mirror(IBlobStore store, Func<string, string> keyOf, TimeProvider time)
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> etags = new(StringComparer.Ordinal);
    private int failures;
    private DateTimeOffset restsUntil = DateTimeOffset.MinValue;

    public IBlobStore Store => store;

    public string Description => store.Description;

    /// <summary>It sends everything, whatever part is asked for.</summary>
    public bool IgnoresRanges { get; set; }

    /// <summary>Until when others are asked first.</summary>
    public DateTimeOffset RestsUntil
    {
        get
        {
            lock (gate)
                return restsUntil;
        }
    }

    /// <summary>A blob store as releases fill it.</summary>
    public static Mirror Of(IBlobStore store, TimeProvider time) => new(store, BlobKeys.OfSha256, time);

    /// <summary>Another agent, or anything that serves <c>objects/sha256/DIGEST</c>.</summary>
    public static Mirror OfPeer(IBlobStore store, TimeProvider time) => new(store, hex => $"objects/sha256/{hex}", time);

    public string KeyOf(string hex) => keyOf(hex);

    /// <summary>The version of a blob that was begun; null before the first answer.</summary>
    public string? ETagOf(string hex)
    {
        lock (gate)
            return etags.GetValueOrDefault(hex);
    }

    public void SawETag(string hex, string? etag)
    {
        lock (gate)
        {
            if (etag is { Length: > 0 })
                etags[hex] = etag;
            else
                etags.Remove(hex);
        }
    }

    public void Succeeded()
    {
        lock (gate)
            (failures, restsUntil) = (0, DateTimeOffset.MinValue);
    }

    public void Failed(TimeSpan? asked)
    {
        lock (gate)
        {
            var rest = TimeSpan.FromTicks(Math.Min(LongestRest.Ticks, ShortestRest.Ticks << Math.Min(failures++, 10)));
            restsUntil = time.GetUtcNow() + (asked > rest ? asked.Value : rest);
        }
    }
}
