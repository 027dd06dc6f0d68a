using Ci.EdgeAgent.Sources;
using Ci.Releases;
using Ci.Storage;

namespace Ci.EdgeAgent.Fetching;

/// <summary>Which mirror to ask next, and when to stop asking. Wrong bytes are told apart from no bytes: only the first can refuse a release.</summary>
internal sealed class MirrorChoice(IReadOnlyList<Mirror> mirrors, TimeProvider time, int attempts, Random random)
{
    private const int StrikesOut = 2;
    private const double FirstPause = 0.1;
    private const double LongestPause = 10;
    private static readonly TimeSpan LongestAsked = TimeSpan.FromSeconds(60);
    private readonly Lock gate = new();
    private readonly Dictionary<Mirror, Exception> outOfIt = [];
    private readonly Dictionary<Mirror, int> strikes = [];
    private int row;
    private int failures;

    public int Failures => failures;

    public string Names => string.Join(" and ", mirrors.Select(m => m.Description));

    /// <summary>The first that is not resting, else the one that rests the shortest; null where none is left.</summary>
    public Mirror? Pick()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var left = mirrors.Where(m => !outOfIt.ContainsKey(m)).ToList();
            return left.Find(m => m.RestsUntil <= now) ?? left.MinBy(m => m.RestsUntil);
        }
    }

    /// <summary>A chunk is whole.</summary>
    public void Progress()
    {
        lock (gate)
            row = 0;
    }

    /// <summary>Remembers a failure.</summary>
    /// <returns>Why there is no use in going on now; null where there is.</returns>
    public Exception? Failed(Mirror mirror, Exception error, string path)
    {
        lock (gate)
        {
            failures++;
            mirror.Failed((error as StorageUnavailableException)?.RetryAfter);
            if (error is WrongBytesException && (strikes[mirror] = strikes.GetValueOrDefault(mirror) + 1) >= StrikesOut)
                outOfIt[mirror] = error;
            if (error is BlobNotFoundException or StorageRefusedException or InvalidBlobKeyException)
                outOfIt[mirror] = error;
            if (outOfIt.Count == mirrors.Count)
                return Nobody(path);
            // What is out of it for good is no failure of the network.
            if (!outOfIt.ContainsKey(mirror) && ++row >= attempts * Math.Max(1, mirrors.Count - outOfIt.Count))
                return new SourceUnavailableException($"{path} does not come: {error.Message} (failure {failures}, {row} in a row; what has come is kept)", error);
            return null;
        }
    }

    /// <summary>Why nobody is left to ask.</summary>
    public Exception Nobody(string path)
    {
        var wrong = outOfIt.Values.OfType<WrongBytesException>().FirstOrDefault();
        if (wrong is not null && outOfIt.Values.All(e => e is WrongBytesException or BlobNotFoundException))
            return new ReleaseRefusedException(wrong.Code, wrong.Message, wrong);
        var reasons = string.Join("; ", outOfIt.Values.Select(e => e.Message).Distinct(StringComparer.Ordinal));
        return new SourceUnavailableException($"{path} cannot be had: {(reasons.Length > 0 ? reasons : "there is no store to ask")}");
    }

    /// <summary>How long to wait before the next try: growing, with jitter; or what the store asks for.</summary>
    public TimeSpan Pause(Exception error)
    {
        lock (gate)
        {
            if (mirrors.Count - outOfIt.Count == 1 && (error as StorageUnavailableException)?.RetryAfter is { } asked)
                return asked < LongestAsked ? asked : LongestAsked;
            var seconds = Math.Min(LongestPause, FirstPause * Math.Pow(2, Math.Min(row, 10)));
            return TimeSpan.FromSeconds(seconds * (0.5 + random.NextDouble()));
        }
    }
}
