using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Sources;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests;

/// <summary>What downloads may cost, and what time it is.</summary>
public sealed class FetchPolicyTests
{
    [Theory]
    [InlineData("22:00-06:00", "23:30", true)]
    [InlineData("22:00-06:00", "05:59", true)]
    [InlineData("22:00-06:00", "06:00", false)]
    [InlineData("22:00-06:00", "12:00", false)]
    [InlineData("01:00-02:00", "01:00", true)]
    [InlineData("01:00-02:00", "02:00", false)]
    public void A_window_may_go_across_midnight(string window, string time, bool holds)
    {
        Assert.True(DownloadWindow.TryParse(window, out var parsed));
        Assert.Equal(holds, parsed.Holds(TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(window, parsed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("22-06")]
    [InlineData("25:00-06:00")]
    [InlineData("06:00-06:00")]
    public void What_is_no_window_is_told(string text) => Assert.False(DownloadWindow.TryParse(text, out _));

    [Fact]
    public void Outside_its_window_nothing_is_fetched_and_the_time_there_is_told()
    {
        // In winter Berlin is an hour ahead: 21:30 UTC is 22:30 there.
        var clock = new ShiftedClock(new DateTimeOffset(2026, 1, 10, 20, 30, 0, TimeSpan.Zero));
        var policy = new FetchPolicy(new FetchSettings { Windows = ["22:00-06:00"], TimeZone = "Europe/Berlin" }, new TrustedClock(clock), clock);
        var deferred = Assert.Throws<FetchDeferredException>(() => policy.Check(1));
        Assert.Contains("22:00-06:00 Europe/Berlin", deferred.Message, StringComparison.Ordinal);
        Assert.Contains("it is 21:30 there", deferred.Message, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromHours(1));
        policy.Check(1);
    }

    [Fact]
    public void A_budget_of_bytes_a_day_survives_a_restart_and_begins_anew_at_midnight()
    {
        using var folder = new TemporaryFolder();
        var clock = new ShiftedClock(new DateTimeOffset(2026, 1, 10, 20, 30, 0, TimeSpan.Zero));
        var settings = new FetchSettings { BytesPerDay = 1000 };
        FetchPolicy Open() => new(settings, new TrustedClock(clock), clock, DiskFiles.Instance, folder.Path);
        var policy = Open();
        policy.Check(1000);
        policy.Count(800);
        policy.Save();
        Assert.Contains("800 of 1000", Assert.Throws<FetchDeferredException>(() => Open().Check(201)).Message, StringComparison.Ordinal);
        Open().Check(200);
        clock.Advance(TimeSpan.FromHours(4));
        Open().Check(1000);
    }

    [Fact]
    public async Task A_rate_is_kept_by_all_downloads_together()
    {
        var bucket = new TokenBucket(100_000, TimeProvider.System);
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => bucket.TakeAsync(10_000, CancellationToken.None)));
        // A second's worth at once, and half a second for the rest.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0.4, 3);
    }

    [Fact]
    public void A_device_that_wakes_up_in_1970_goes_by_what_was_signed()
    {
        using var folder = new TemporaryFolder();
        var signed = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        var clock = new TrustedClock(new ShiftedClock(DateTimeOffset.UnixEpoch));
        Assert.False(clock.IsSet);
        new SourceMemory(DiskFiles.Instance, folder.Path, clock).Saw(signed);
        Assert.True(clock.Now >= signed);

        // After the next power cut, before any network.
        var again = new TrustedClock(new ShiftedClock(DateTimeOffset.UnixEpoch));
        Assert.Equal(signed, new SourceMemory(DiskFiles.Instance, folder.Path, again).MirrorIssuedAt);
        Assert.True(again.Now >= signed);
    }

    [Fact]
    public void A_clock_that_is_set_is_not_moved_into_the_future_by_anybody()
    {
        var clock = new TrustedClock(new ShiftedClock(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)));
        var far = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.True(clock.IsImpossible(far));
        Assert.False(clock.Learn(far));
        Assert.True(clock.Now.Year == 2026 && clock.IsSet);
    }

    [Theory]
    [InlineData("<!DOCTYPE html>", true)]
    [InlineData("\uFEFF\n  <HTML>", true)]
    [InlineData("<?xml version=\"1.0\"?>", true)]
    [InlineData("{\"schema\":1}", false)]
    [InlineData("\b\u0008\u0012", false)]
    [InlineData("", false)]
    public void A_web_page_is_known_by_its_first_bytes(string text, bool page) => Assert.Equal(page, WebPage.Is(System.Text.Encoding.UTF8.GetBytes(text)));
}
