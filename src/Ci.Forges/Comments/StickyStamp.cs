namespace Ci.Forges;

/// <summary>Which run speaks: newer runs may overwrite what older ones wrote, never the reverse.</summary>
/// <param name="HeadSha">The commit reported on.</param>
/// <param name="RunId">The run's number; rises with time. 0 where the job has none (a laptop), which may always write.</param>
/// <param name="RunAttempt">The attempt of that run, from 1.</param>
public sealed record StickyStamp(string HeadSha, long RunId = 0, int RunAttempt = 1)
{
    /// <summary>Whether this run is older than <paramref name="other"/>.</summary>
    public bool IsOlderThan(StickyStamp other) =>
        this.RunId > 0 && other.RunId > 0
        && (this.RunId < other.RunId || (this.RunId == other.RunId && this.RunAttempt < other.RunAttempt));
}
