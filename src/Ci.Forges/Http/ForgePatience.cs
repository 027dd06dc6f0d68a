using System.Globalization;

namespace Ci.Forges.Http;

/// <summary>
/// How long a client still tries: pauses double, with jitter, unless the forge names one, and all that failures cost (attempts and
/// pauses, of whichever requests) ends by one deadline. A forge that is down for good is left after that, however many calls a verb makes.
/// </summary>
internal sealed class ForgePatience(ForgeOptions options)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    private readonly Lock gate = new();

    private TimeSpan spent;
    private TimeSpan owed;

    /// <summary>How much of the deadline is left.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (this.gate)
            {
                return Positive(options.Deadline - this.spent);
            }
        }
    }

    /// <summary>Notes what an attempt that failed has cost.</summary>
    public void Spend(TimeSpan time)
    {
        lock (this.gate)
        {
            this.spent += Positive(time);
        }
    }

    /// <summary>Waits before the next attempt of a request; false where the deadline leaves no room for it.</summary>
    public async Task<bool> WaitAsync(int attempt, ForgeAnswer? answer, CancellationToken ct)
    {
        var pause = this.Pause(attempt, answer);
        if (attempt >= Math.Clamp(options.Attempts, 1, 20) || pause >= this.Left)
            return false;
        this.Spend(pause);
        await Task.Delay(pause, options.Time, ct);
        return true;
    }

    /// <summary>A write failed that must not simply be repeated: the next request of this client, which looks, comes after a pause.</summary>
    public void Owe(ForgeAnswer? answer)
    {
        lock (this.gate)
        {
            this.owed = this.Pause(1, answer);
        }
    }

    /// <summary>Waits what is owed.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        TimeSpan pause;
        lock (this.gate)
        {
            pause = this.owed < options.Deadline - this.spent ? this.owed : TimeSpan.Zero;
            this.owed = TimeSpan.Zero;
            this.spent += pause;
        }

        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, options.Time, ct);
    }

    // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: Retry-After, else the limit's reset.
    private TimeSpan Pause(int attempt, ForgeAnswer? answer)
    {
        var now = options.Time.GetUtcNow();
        if (answer?.Header("Retry-After") is { } text)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return TimeSpan.FromSeconds(seconds);
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
                return Positive(at - now);
        }

        if (answer?.IsRateLimit is true && long.TryParse(answer.Header("X-RateLimit-Reset") ?? answer.Header("RateLimit-Reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var reset) && reset < 253_402_300_800)
            return Positive(DateTimeOffset.FromUnixTimeSeconds(reset) - now);
        // The clock's last digits spread the retries of jobs that failed at the same moment.
        var jitter = options.Time.GetTimestamp() % 997 / 997.0;
        var pause = options.FirstPause * Math.Pow(2, attempt - 1) * (0.75 + (jitter / 2));
        return pause < LongestPause ? pause : LongestPause;
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
