using System.Text.Json;
using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.Tests.Crashes;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests;

/// <summary>What <c>edge-agent import</c> writes counts against the day's flash budget, whether an agent runs or not.</summary>
public sealed class ImportBudgetTests
{
    private const string Alone = "\"git\":\"none\"";
    private const string OneMebibyte = ",\"quota\":{\"writeBytesPerDay\":1048576}";

    [Fact]
    public async Task An_import_over_the_days_budget_is_refused_loses_nothing_and_is_taken_the_next_day()
    {
        await using var world = await MirrorWorld.StartAsync();
        world.Configure(OneMebibyte, source: Alone, port: 1);
        Assert.Equal(0, (await BundleTests.ImportAsync(world, Bundle(world, "1.0.0", 1, 600_000))).Code);
        var before = Contents(world);

        var second = Bundle(world, "2.0.0", 2, 600_000);
        var (code, said) = await BundleTests.ImportAsync(world, second);
        Assert.Equal(AgentExit.Unavailable, code);
        Assert.Contains("`quota.writeBytesPerDay`", said, StringComparison.Ordinal);
        Assert.Contains("import it again the next day", said, StringComparison.Ordinal);
        Assert.Equal(before, Contents(world));
        Assert.Equal(0, (await BundleTests.ImportAsync(world, second, new ShiftedClock(TimeProvider.System.GetUtcNow().AddDays(1)))).Code);
    }

    [Fact]
    public async Task A_bundle_that_no_day_holds_says_what_to_change()
    {
        await using var world = await MirrorWorld.StartAsync();
        world.Configure(OneMebibyte, source: Alone, port: 1);
        var (code, said) = await BundleTests.ImportAsync(world, Bundle(world, "1.0.0", 1, 1_100_000));
        Assert.Equal(AgentExit.Error, code);
        Assert.Contains("so it never fits: raise it", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(world.Data, "imports")));
    }

    [Fact]
    public async Task A_running_agent_takes_an_import_into_its_own_count()
    {
        await using var world = await MirrorWorld.StartAsync();
        await using (var agent = await RunningAgent.StartAsync(world.Configure(",\"quota\":{\"writeBytesPerDay\":4000000}", source: Alone, port: 1)))
        {
            Assert.Equal(0, (await BundleTests.ImportAsync(world, Bundle(world, "1.0.0", 1, 600_000))).Code);
            await agent.ServesAsync("1.0.0");
        }

        // Once as a bundle, once as objects.
        var count = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Path.Combine(world.Data, "quota", "written")), AgentJson.Default.WriteCount)!;
        Assert.InRange(count.Bytes, 1_200_000, 1_400_000);
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Data, "quota", "imports")));
        var (code, said) = await BundleTests.ImportAsync(world, Bundle(world, "2.0.0", 2, 2_850_000));
        Assert.Equal(AgentExit.Unavailable, code);
        Assert.Contains($"{count.Bytes} are written", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_fails_half_way_leaves_no_half_bundle_and_counts_what_it_wrote()
    {
        await using var world = await MirrorWorld.StartAsync();
        world.Configure(OneMebibyte, source: Alone, port: 1);
        var bundle = Bundle(world, "1.0.0", 1, 600_000);
        var (code, said) = await BundleTests.ImportAsync(world, bundle, files: new FullDisk(200_000));
        Assert.Equal(AgentExit.Error, code);
        Assert.Contains("No space left", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Data, "imports")));
        Assert.InRange(new ImportNotes(DiskFiles.Instance, world.Data).BytesOf(0), 100_000, 250_000);
        Assert.Equal(0, (await BundleTests.ImportAsync(world, bundle)).Code);
    }

    [Fact]
    public async Task Two_imports_at_once_are_one_after_the_other()
    {
        await using var world = await MirrorWorld.StartAsync();
        world.Configure(source: Alone, port: 1);
        Directory.CreateDirectory(world.Data);
        using (new FileStream(Path.Combine(world.Data, "import.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var (code, said) = await BundleTests.ImportAsync(world, Bundle(world, "1.0.0", 1, 1000));
            Assert.Equal(AgentExit.Error, code);
            Assert.Contains("another import works", said, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await BundleTests.ImportAsync(world, Bundle(world, "1.0.0", 1, 1000))).Code);
    }

    [Fact]
    public void Wherever_the_power_goes_an_imports_bytes_are_counted_at_least_once()
    {
        var time = new SteppingTime();
        var cut = 0;
        for (var finished = false; !finished; cut++)
        {
            var disk = SimulatedDevice.NewDisk();
            var files = new DeviceDiskFiles(disk);
            new ImportNotes(files, "/data").Put("b", new ImportNote(FlashBudget.DayOf(time), 5 << 20));
            disk = disk.AfterCut(CutKind.AllLost, 0);
            var left = cut;
            disk.Before = _ => left-- == 0 ? new DiskFault.Cut(CutKind.AllLost) : null;
            try
            {
                new FlashBudget(new DeviceDiskFiles(disk), "/data", 100 << 20, time).Reserve("a", 1 << 20);
                finished = true;
            }
            catch (PowerCutException)
            {
                // Started again below.
            }

            disk = disk.AfterCut(CutKind.AllLost, cut);
            var budget = new FlashBudget(new DeviceDiskFiles(disk), "/data", 100 << 20, time);
            budget.Reserve("a", 1);
            Assert.InRange(budget.Count!.Bytes, 5 << 20, (6 << 20) + (5 << 20) + 4096);
        }

        Assert.True(cut > 6);
    }

    private static string Bundle(MirrorWorld world, string version, long sequence, int bytes)
    {
        var weights = new byte[bytes];
        new Random(bytes + (int)sequence).NextBytes(weights);
        return BundleTests.Make(world, world.SignModel(version, File.ReadAllBytes(Support.Model("breast-mlp-base.onnx")), ("notes.bin", weights)), sequence);
    }

    private static List<(string Path, long Bytes)> Contents(MirrorWorld world) =>
        [.. Directory.GetFiles(world.Data, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("source.json", StringComparison.Ordinal)).Order().Select(f => (f, new FileInfo(f).Length))];

    /// <summary>The real disk, which has so much room for a bundle.</summary>
    private sealed class FullDisk(long room) : IDeviceFiles
    {
        private readonly DiskFiles inner = DiskFiles.Instance;

        public long? Length(string path) => inner.Length(path);

        public Stream OpenRead(string path) => inner.OpenRead(path);

        public IDeviceFile OpenAppend(string path) => path.EndsWith(".bundle.tmp", StringComparison.Ordinal) ? new Full(inner.OpenAppend(path), room) : inner.OpenAppend(path);

        public void Rename(string from, string to) => inner.Rename(from, to);

        public void SyncFolder(string folder) => inner.SyncFolder(folder);

        public void Delete(string path) => inner.Delete(path);

        public IReadOnlyList<string> List(string folder) => inner.List(folder);

        public long FreeBytes(string path) => inner.FreeBytes(path);

        private sealed class Full(IDeviceFile file, long room) : IDeviceFile
        {
            public long Length => file.Length;

            public void Write(ReadOnlySpan<byte> bytes) => WriteAt(Length, bytes);

            public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
            {
                if (offset + bytes.Length > room)
                    throw new IOException("No space left on device");
                file.WriteAt(offset, bytes);
            }

            public void Truncate(long length) => file.Truncate(length);

            public void Sync() => file.Sync();

            public void Dispose() => file.Dispose();
        }
    }
}
