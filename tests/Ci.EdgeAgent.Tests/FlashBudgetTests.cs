using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.Tests.Crashes;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests;

/// <summary>How much may be written a day, and how much must stay free.</summary>
public sealed class FlashBudgetTests
{
    private const long PerDay = 10L << 20;
    private readonly ManualTime time = new();
    private DeviceDisk disk = SimulatedDevice.NewDisk();

    [Fact]
    public void What_would_go_over_the_day_waits_and_the_reason_says_for_what()
    {
        var budget = Start();
        Assert.Null(budget.Reserve("a", 6 << 20));
        Assert.Contains("waits for the next day", budget.Reserve("b", 6 << 20), StringComparison.Ordinal);
        Assert.Contains("2026-01-02", budget.Reserve("b", 6 << 20), StringComparison.Ordinal);
        time.Now += TimeSpan.FromDays(1);
        Assert.Contains("waits", budget.Reserve("b", 6 << 20), StringComparison.Ordinal); // What is under way is written today.
        budget.Settle("a");
        Assert.Null(budget.Reserve("b", 6 << 20));
        Assert.Contains("never fits", budget.Reserve("c", PerDay + 1), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_reserved_and_not_written_is_given_back()
    {
        var budget = Start();
        Assert.Null(budget.Reserve("a", 9 << 20));
        budget.Written(1 << 20);
        budget.Settle("a");
        Assert.InRange(budget.Count!.Bytes, 1 << 20, (1 << 20) + 1000);
        Assert.Null(budget.Reserve("a", 8 << 20));
    }

    [Theory]
    [InlineData(CutKind.AllLost)]
    [InlineData(CutKind.After)]
    public void A_power_cut_makes_the_count_too_high_and_never_too_low(CutKind kind)
    {
        Assert.Null(Start().Reserve("a", 9 << 20));
        disk = disk.AfterCut(kind, 0);
        Assert.True(Start().Count!.Bytes >= 9 << 20);
        Assert.NotNull(Start().Reserve("a", 2 << 20));
    }

    [Fact]
    public void Small_writes_are_put_down_each_mebibyte_and_not_each_time()
    {
        var budget = Start();
        for (var i = 0; i < 3000; i++)
            budget.Written(1000);
        Assert.InRange(disk.Operations, 1, 60);
        Assert.InRange(Start().Count!.Bytes, 2 << 20, 3_010_000);
    }

    [Fact]
    public void A_device_that_starts_in_1970_each_time_gets_no_new_day_with_each_start()
    {
        var now = time.Now;
        for (var start = 0; start < 20; start++)
        {
            time.Now = DateTimeOffset.UnixEpoch;
            var budget = Start();
            time.Now = now;
            budget.Reserve("a", 1 << 20);
            budget.Written(1 << 20);
        }

        Assert.NotNull(Start().Reserve("a", 1 << 20));
    }

    [Fact]
    public void A_clock_that_was_once_far_in_the_future_locks_nothing_out_for_longer_than_a_day_of_running()
    {
        var now = time.Now;
        time.Now += TimeSpan.FromDays(20_000);
        Assert.Null(Start().Reserve("a", 9 << 20));
        time.Now = now;
        var budget = Start();
        Assert.NotNull(budget.Reserve("a", 9 << 20));
        time.Uptime += TimeSpan.FromHours(25);
        Assert.Null(budget.Reserve("a", 9 << 20));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"schema\":\"mlops.agent-written/v1\",\"bytes\":-5}")]
    [InlineData("nonsense")]
    public void A_count_that_cannot_be_read_begins_anew(string content)
    {
        disk.Open("/data/quota/written").Write(0, System.Text.Encoding.UTF8.GetBytes(content));
        Assert.Null(Start().Reserve("a", PerDay));
    }

    [Fact]
    public void Without_a_limit_nothing_is_written_to_count()
    {
        var budget = new FlashBudget(new DeviceDiskFiles(disk), "/data", 0, time);
        budget.Written(100 << 20);
        Assert.Null(budget.Reserve("a", 1L << 40));
        budget.Settle("a");
        Assert.Empty(disk.Files);
        Assert.Null(budget.Count);
    }

    [Fact]
    public async Task Room_is_promised_once_what_is_partly_here_counts_and_what_stays_free_stays_free()
    {
        var small = new DeviceDisk(100_000);
        small.MakeFolder("/data");
        var store = new ObjectStore(new DeviceDiskFiles(small), "/data", new QuotaSettings { KeepFreeBytes = 20_000 }, chunkBytes: 5000);
        var (one, two) = (Ci.Releases.Sha256Digest.Of("1"u8), Ci.Releases.Sha256Digest.Of("2"u8));
        Assert.Null(store.InFlight.Reserve("a", [new WantedObject(one.Hex, 50_000)]));
        Assert.Contains("50000 are promised to other models", store.InFlight.Reserve("b", [new WantedObject(two.Hex, 40_000)]), StringComparison.Ordinal);
        using (var partial = store.BeginPartial(one, 50_000))
        {
            for (var index = 0; index < 9; index++)
            {
                await partial.WriteAsync(partial.OffsetOf(index), new byte[5000]);
                await partial.CommitChunkAsync(index);
            }
        }

        Assert.NotNull(store.InFlight.Reserve("b", [new WantedObject(two.Hex, 40_000)]));
        Assert.Null(store.InFlight.Reserve("b", [new WantedObject(two.Hex, 29_000)]));
        store.InFlight.Release("a");
        Assert.Equal([two.Hex], store.InFlight.Digests());
    }

    [Fact]
    public async Task An_agent_whose_budget_is_spent_serves_on_and_says_what_the_update_waits_for()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        var configuration = deployment.Configure() with { Quota = new QuotaSettings { WriteBytesPerDay = 1 << 20 } };
        await using (var agent = await deployment.StartAsync(configuration))
        {
            await agent.ServesAsync("1.0.0");
            var (status, metrics) = (agent.Agent.Status(), await agent.Http.GetStringAsync("/metrics"));
            Assert.InRange(status.WrittenToday!.Value, 7250, 100_000);
            Assert.Contains($"ml_edge_written_today_bytes {status.WrittenToday}", metrics, StringComparison.Ordinal);
            Assert.Contains($"ml_edge_written_bytes_total {status.WrittenTotal}", metrics, StringComparison.Ordinal);
        }

        var count = Path.Combine(deployment.Data, "quota", "written");
        var written = System.Text.Json.JsonSerializer.Deserialize(await File.ReadAllBytesAsync(count), AgentJson.Default.WriteCount)!;
        Assert.InRange(written.Bytes, 7250, 100_000);
        await File.WriteAllBytesAsync(count, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(written with { Day = written.Day + 1, Bytes = 1 << 20 }, AgentJson.Default.WriteCount));
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        await using var again = await deployment.StartAsync(configuration);
        await again.UntilAsync(s => s.WhyNot?.Contains("waits for the next day", StringComparison.Ordinal) == true);
        Assert.Equal("1.0.0", again.Status.Serving!.Version);
    }

    [Fact]
    public async Task Looking_at_an_unchanged_channel_changes_nothing_on_the_disk()
    {
        var world = new World();
        using var device = new SimulatedDevice(disk, world);
        await Exploration.LiveAsync(device, world, History.Update("good-1"));
        await Exploration.LiveAsync(device, world, History.Update("bad") with { Refused = "bad" });
        var before = disk.Operations;
        for (var look = 0; look < 20; look++)
            await device.TurnAsync();
        Assert.Equal(before, disk.Operations);
    }

    [Fact]
    public void Equal_content_is_not_written_again()
    {
        var files = new DeviceDiskFiles(disk);
        DurableFile.Replace(files, "/data/x/y", "content"u8);
        var written = disk.WrittenBytes;
        DurableFile.Replace(files, "/data/x/y", "content"u8);
        Assert.Equal(written, disk.WrittenBytes);
        DurableFile.Replace(files, "/data/x/y", "Content"u8);
        Assert.Equal("Content"u8.ToArray(), disk.AfterCut(CutKind.AllLost, 0).Read("/data/x/y"));
    }

    private FlashBudget Start() => new(new DeviceDiskFiles(disk), "/data", PerDay, time);

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public TimeSpan Uptime { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Uptime.Ticks;
    }
}
