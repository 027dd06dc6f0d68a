using System.Security.Cryptography;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Objects;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests;

public sealed class ObjectStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31))];

    private string Hex => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private ObjectStore Store => new(DiskFiles.Instance, folder.Path, chunkBytes: 1 << 16);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_cut_connection_is_continued_where_it_ended()
    {
        var offsets = new List<long>();
        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.StoreAsync(Hex, bytes.Length, (offset, _) => Open(offset, bytes[..200_000]), default));
        using (var partial = Store.BeginPartial(Ci.Releases.Sha256Digest.Of(bytes), bytes.Length))
            Assert.Equal(3 << 16, partial.VerifiedBytes);
        Assert.False(Store.Has(Hex, bytes.Length));
        Assert.Equal(StoreOutcome.Stored, await Store.StoreAsync(Hex, bytes.Length, (offset, _) => Open(offset, bytes), default));
        Assert.Equal([0, 3 << 16], offsets);
        Assert.True(Store.IsIntact(Hex, bytes.Length));

        Task<Stream> Open(long offset, byte[] content)
        {
            offsets.Add(offset);
            return Task.FromResult<Stream>(new MemoryStream(content[(int)offset..]));
        }
    }

    [Fact]
    public async Task A_damaged_part_from_before_is_thrown_away_and_fetched_anew()
    {
        Directory.CreateDirectory(folder.Of("objects", "partial"));
        await File.WriteAllBytesAsync(folder.Of("objects", "partial", Hex), new byte[1000]);
        Assert.Equal(StoreOutcome.Stored, await Store.StoreAsync(Hex, bytes.Length, From(bytes), default));
    }

    [Fact]
    public async Task Other_bytes_are_refused_and_leave_nothing()
    {
        var other = (byte[])bytes.Clone();
        other[5]++;
        Assert.Equal(StoreOutcome.DigestMismatch, await Store.StoreAsync(Hex, bytes.Length, From(other), default));
        Assert.Equal(0, Store.PartialBytes(Hex, bytes.Length));
        Assert.False(Store.Has(Hex, bytes.Length));
    }

    [Fact]
    public async Task Endless_data_is_read_no_further_than_the_signed_size()
    {
        var endless = new EndlessStream();
        Assert.Equal(StoreOutcome.SizeMismatch, await Store.StoreAsync(Hex, bytes.Length, (_, _) => Task.FromResult<Stream>(endless), default));
        Assert.True(endless.Given < bytes.Length + (1 << 18));
    }

    [Fact]
    public async Task Collecting_deletes_what_nobody_names()
    {
        await Store.StoreAsync(Hex, bytes.Length, From(bytes), default);
        Assert.Equal(0, Store.Collect(new HashSet<string> { Hex }));
        Assert.Equal(1, Store.Collect(new HashSet<string>()));
        Assert.False(Store.Has(Hex, bytes.Length));
    }

    private static Func<long, CancellationToken, Task<Stream>> From(byte[] content) =>
        (offset, _) => Task.FromResult<Stream>(new MemoryStream(content[(int)offset..]));

    private sealed class EndlessStream : MemoryStream
    {
        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Given += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
