namespace Ci.EdgeAgent.Hosting;

/// <summary>How long to wait before the next look: the configured time; after failures growing, and always with jitter, so that a fleet spreads out.</summary>
internal sealed class PollPace(double pollSeconds, int seed)
{
    private const double LongestSeconds = 900;

    // Each device has its own seed: jitter differs between devices and a test can repeat it.
    private readonly Random random = new(seed);

    public TimeSpan After(int failures)
    {
        var seconds = failures == 0 ? pollSeconds : Math.Min(pollSeconds * Math.Pow(2, Math.Min(failures, 16)), Math.Max(pollSeconds, LongestSeconds));
        return TimeSpan.FromSeconds(seconds * (0.9 + (0.2 * random.NextDouble())));
    }

    public static int SeedOf(string device) => device.Aggregate(17, (hash, c) => unchecked((hash * 31) + c));
}
