using System.Globalization;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Sources;

namespace Ci.EdgeAgent.Fetching;

/// <summary>What downloads may cost this device: when, how fast, how much a day. One for all models; what was used today survives a restart.</summary>
internal sealed class FetchPolicy
{
    private const long SaveEvery = 8 << 20;
    private readonly FetchSettings settings;
    private readonly TrustedClock clock;
    private readonly IDeviceFiles? files;
    private readonly string path;
    private readonly TimeZoneInfo zone;
    private readonly List<DownloadWindow> windows;
    private readonly Lock gate = new();
    private BudgetRecord used;
    private long unsaved;

    /// <summary>Where <paramref name="data"/> is null nothing is kept: for settings without a budget.</summary>
    public FetchPolicy(FetchSettings settings, TrustedClock clock, TimeProvider time, IDeviceFiles? files = null, string? data = null)
    {
        (this.settings, this.clock, this.files) = (settings, clock, settings.BytesPerDay > 0 ? files : null);
        path = Path.Combine(data ?? "", "fetch.json");
        zone = TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone);
        windows = [.. settings.Windows.Select(w => DownloadWindow.TryParse(w, out var window) ? window : throw new FormatException(w))];
        Rate = new TokenBucket(settings.BytesPerSecond, time);
        used = Load() ?? new BudgetRecord(Local().Day, 0);
    }

    public TokenBucket Rate { get; }

    /// <summary>Throws unless so many bytes may be asked for now.</summary>
    /// <exception cref="FetchDeferredException">Not in this window, or not out of this day's budget.</exception>
    public void Check(long bytes)
    {
        var (day, now) = Local();
        if (windows.Count > 0 && !windows.Exists(w => w.Holds(now)))
            throw new FetchDeferredException(string.Create(CultureInfo.InvariantCulture, $"downloads wait for their window ({string.Join(", ", windows)} {settings.TimeZone}); it is {now:HH\\:mm} there"));
        if (settings.BytesPerDay == 0)
            return;
        lock (gate)
        {
            if (used.Day != day)
                used = new BudgetRecord(day, 0);
            if (used.Bytes + bytes > settings.BytesPerDay)
                throw new FetchDeferredException($"downloads wait for tomorrow: {used.Bytes} of {settings.BytesPerDay} bytes a day (`fetch.bytesPerDay`) are used, and the next {bytes} do not fit");
        }
    }

    /// <summary>Counts bytes that came, whether they were of use or not.</summary>
    public void Count(long bytes)
    {
        lock (gate)
        {
            used = used with { Bytes = used.Bytes + bytes };
            unsaved += bytes;
            if (unsaved >= SaveEvery)
                Write();
        }
    }

    /// <summary>Returns when what was used is on disk.</summary>
    public void Save()
    {
        lock (gate)
        {
            if (unsaved > 0)
                Write();
        }
    }

    private (DateOnly Day, TimeOnly Time) Local()
    {
        var local = TimeZoneInfo.ConvertTime(clock.Now, zone);
        return (DateOnly.FromDateTime(local.DateTime), TimeOnly.FromDateTime(local.DateTime));
    }

    private BudgetRecord? Load()
    {
        try
        {
            return files is not null && DurableFile.Read(files, path, 1024) is { } bytes ? JsonSerializer.Deserialize(bytes, SourceJson.Default.BudgetRecord) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    private void Write()
    {
        unsaved = 0;
        if (files is not null)
            DurableFile.Replace(files, path, JsonSerializer.SerializeToUtf8Bytes(used, SourceJson.Default.BudgetRecord));
    }
}
