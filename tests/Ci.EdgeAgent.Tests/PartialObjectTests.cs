using System.Security.Cryptography;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.Tests.Crashes;
using Ci.Testing.Device;

namespace Ci.EdgeAgent.Tests;

public sealed class PartialObjectTests
{
    private const int ChunkBytes = 1000;
    private readonly byte[] bytes = [.. Enumerable.Range(0, 4500).Select(i => (byte)((i * 31) + (i / 256)))];

    private string Hex => Convert.ToHexStringLower(SHA256.HashData(bytes));

    [Fact]
    public async Task Chunks_may_come_in_any_order_and_only_what_is_missing_is_asked_for_after_a_power_cut()
    {
        var disk = SimulatedDevice.NewDisk();
        using (var partial = Begin(disk))
        {
            foreach (var index in new[] { 3, 0 })
                await WriteAsync(partial, index);
            await partial.WriteAsync(1000, bytes.AsMemory(1000, 500)); // Not committed: it does not count.
            Assert.Equal(2000, partial.VerifiedBytes());
        }

        disk = disk.AfterCut(CutKind.AllLost, 0);
        using var again = Begin(disk);
        Assert.Equal(2000, again.VerifiedBytes());
        Assert.Equal(1, again.FirstMissing());
        foreach (var index in new[] { 1, 2, 4 })
            await WriteAsync(again, index);
        Assert.True(await again.CompleteAsync());
        disk = disk.AfterCut(CutKind.AllLost, 0);
        Assert.True(Store(disk).IsIntact(Hex, bytes.Length));
        Assert.True(Store(disk).Settle(Hex, bytes.Length));
        Assert.DoesNotContain(disk.Files, f => f.Contains("partial", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    [InlineData(1500)]
    public async Task A_chunk_that_was_damaged_on_the_disk_is_fetched_again_and_no_other(int at)
    {
        var disk = SimulatedDevice.NewDisk();
        using (var partial = Begin(disk))
        {
            for (var index = 0; index < 5; index++)
                await WriteAsync(partial, index);
        }

        disk.Open($"/data/objects/partial/{Hex}").Write(at, [(byte)(bytes[at] ^ 4)]);
        using var again = Begin(disk);
        Assert.Equal(at / ChunkBytes, again.FirstMissing());
        Assert.Equal(bytes.Length - ChunkBytes, again.VerifiedBytes());
    }

    [Fact]
    public async Task No_byte_beyond_the_signed_size_is_written()
    {
        var disk = SimulatedDevice.NewDisk();
        using var partial = Begin(disk);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => partial.WriteAsync(4000, new byte[501]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => partial.WriteAsync(-1, new byte[5]));
        Assert.Equal(0, disk.Length($"/data/objects/partial/{Hex}"));
    }

    [Fact]
    public async Task Other_bytes_never_get_the_name_nothing_of_them_is_kept_and_it_can_begin_again()
    {
        var disk = SimulatedDevice.NewDisk();
        using var partial = Begin(disk);
        for (var index = 0; index < 5; index++)
        {
            await partial.WriteAsync(partial.OffsetOf(index), new byte[partial.LengthOf(index)]);
            await partial.CommitChunkAsync(index);
        }

        Assert.False(await partial.CompleteAsync());
        Assert.Equal(0, partial.VerifiedBytes());
        Assert.Equal(0, disk.Length($"/data/objects/partial/{Hex}"));
        for (var index = 0; index < 5; index++)
            await WriteAsync(partial, index);
        Assert.True(await partial.CompleteAsync());
    }

    [Fact]
    public async Task A_map_of_any_bytes_claims_no_chunk_that_is_not_there()
    {
        var random = new Random(3);
        var whole = SimulatedDevice.NewDisk();
        using (var partial = Begin(whole))
        {
            for (var index = 0; index < 5; index++)
                await WriteAsync(partial, index);
        }

        for (var round = 0; round < 300; round++)
        {
            var disk = whole.Copy();
            var map = disk.Open($"/data/objects/partial/{Hex}.map");
            for (var i = 1 + random.Next(3); i > 0; i--)
                map.Write(random.Next((int)map.Length), [(byte)random.Next(256)]);
            disk.Open($"/data/objects/partial/{Hex}").Write(random.Next(bytes.Length), [(byte)random.Next(256)]);
            using var again = Begin(disk);
            while (again.FirstMissing() is { } missing)
                await WriteAsync(again, missing);
            Assert.True(await again.CompleteAsync());
        }
    }

    [Fact]
    public async Task A_sync_that_failed_commits_nothing()
    {
        var disk = SimulatedDevice.NewDisk();
        using (var partial = Begin(disk))
        {
            await partial.WriteAsync(0, bytes.AsMemory(0, 1000));
            disk.Before = operation => operation.Kind == DiskOperationKind.Sync ? new DiskFault.Error(false, false) : null;
            await Assert.ThrowsAsync<IOException>(() => partial.CommitChunkAsync(0));
            disk.Before = null;
            Assert.Equal(0, partial.VerifiedBytes());
            await WriteAsync(partial, 0);
        }

        using var again = Begin(disk.AfterCut(CutKind.AllLost, 0));
        Assert.Equal(1000, again.VerifiedBytes());
    }

    private static ObjectStore Store(DeviceDisk disk) => new(new DeviceDiskFiles(disk), "/data", chunkBytes: ChunkBytes);

    private PartialObject Begin(DeviceDisk disk) => Store(disk).BeginPartial(Ci.Releases.Sha256Digest.Of(bytes), bytes.Length);

    private async Task WriteAsync(PartialObject partial, int index)
    {
        await partial.WriteAsync(partial.OffsetOf(index), bytes.AsMemory((int)partial.OffsetOf(index), partial.LengthOf(index)));
        await partial.CommitChunkAsync(index);
    }
}
