using System.Text;
using Ci.Storage;

namespace Ci.Testing;

/// <summary>
/// What every writable blob store must do, as named checks that know no test framework: an adapter's tests run each name of
/// <see cref="Names"/> against a fresh, empty store.
/// </summary>
public static class BlobStoreConformance
{
    private static readonly Dictionary<string, Func<IBlobStore, Task>> Checks = new(StringComparer.Ordinal)
    {
        ["What_was_put_is_read_back_whole"] = async store =>
        {
            var bytes = Pattern(300_000);
            var info = await store.PutAsync("a/b/c.bin", new MemoryStream(bytes));
            Same(bytes.Length, info.Length, "length");
            Same("a/b/c.bin", info.Key, "key");
            Same(Convert.ToHexString(bytes), Convert.ToHexString(await ReadAsync(store, "a/b/c.bin")), "bytes");
            Same(info, await store.StatAsync("a/b/c.bin"), "stat after put");
        },
        ["An_empty_blob_is_a_blob"] = async store =>
        {
            await store.PutAsync("empty", new MemoryStream());
            Same(0L, (await store.StatAsync("empty"))?.Length, "length");
            Same(0, (await ReadAsync(store, "empty")).Length, "bytes");
        },
        ["Reading_begins_at_the_offset"] = async store =>
        {
            await PutAsync(store, "k", "0123456789");
            Same("789", Encoding.UTF8.GetString(await ReadAsync(store, "k", 7)), "tail");
            Same("", Encoding.UTF8.GetString(await ReadAsync(store, "k", 10)), "at the end");
        },
        ["An_absent_key_is_null_to_stat_and_not_found_to_read"] = async store =>
        {
            await PutAsync(store, "other", "x");
            Same(null, await store.StatAsync("absent/key"), "stat");
            await ThrowsAsync<BlobNotFoundException>(() => store.OpenReadAsync("absent/key"));
        },
        ["If_absent_leaves_the_first_bytes"] = async store =>
        {
            var first = await PutAsync(store, "k", "first");
            var second = await PutAsync(store, "k", "second");
            Same(first.ETag, second.ETag, "etag");
            Same("first", Encoding.UTF8.GetString(await ReadAsync(store, "k")), "bytes");
        },
        ["Overwrite_replaces_bytes_and_etag"] = async store =>
        {
            var first = await PutAsync(store, "k", "first");
            var second = await PutAsync(store, "k", "second", PutMode.Overwrite);
            Check(first.ETag != second.ETag, "the ETag did not change with the bytes");
            Same("second", Encoding.UTF8.GetString(await ReadAsync(store, "k")), "bytes");
        },
        ["A_list_is_complete_and_in_ordinal_order"] = async store =>
        {
            string[] keys = ["a/b", "a.b", "a/bc", "a-b", "b/1", "b/10", "b/2", "Z", "ab/x", "ü/é"];
            foreach (var key in keys)
                await PutAsync(store, key, key);
            Same(string.Join(' ', keys.Order(StringComparer.Ordinal)), string.Join(' ', await ListAsync(store, "")), "all");
            Same("b/1 b/10", string.Join(' ', await ListAsync(store, "b/1")), "prefix within a name");
            Same("a-b a.b a/b a/bc ab/x", string.Join(' ', await ListAsync(store, "a")), "prefix a");
            Same("", string.Join(' ', await ListAsync(store, "none/")), "nothing");
        },
        ["Deleting_twice_succeeds"] = async store =>
        {
            await PutAsync(store, "k", "x");
            await store.DeleteAsync("k");
            await store.DeleteAsync("k");
            Same(null, await store.StatAsync("k"), "stat");
        },
        ["Hostile_keys_are_refused_everywhere"] = async store =>
        {
            await PutAsync(store, "k", "x");
            foreach (var key in new[] { "", "/etc/passwd", "a/../b", "..", "./a", "a//b", "a/", "a\0b", "a\nb", "a\\b", new string('k', 1025) })
            {
                await ThrowsAsync<InvalidBlobKeyException>(() => store.StatAsync(key));
                await ThrowsAsync<InvalidBlobKeyException>(() => store.OpenReadAsync(key));
                await ThrowsAsync<InvalidBlobKeyException>(() => PutAsync(store, key, "x"));
                await ThrowsAsync<InvalidBlobKeyException>(() => store.DeleteAsync(key));
            }
        },
        ["A_put_whose_content_breaks_leaves_nothing"] = async store =>
        {
            await PutAsync(store, "other", "x");
            await ThrowsAsync<StorageException>(() => store.PutAsync("k", new BreakingStream(100_000)));
            Same(null, await store.StatAsync("k"), "stat");
            Same("other", string.Join(' ', await ListAsync(store, "")), "list");
        },
        ["Racing_puts_of_one_key_agree_on_a_single_winner"] = async store =>
        {
            var puts = Enumerable.Range(0, 8).Select(n => Task.Run(() => PutAsync(store, "race", new string((char)('a' + n), 10_000 + n))));
            var infos = await Task.WhenAll(puts);
            var final = await ReadAsync(store, "race");
            Check(final.All(b => b == final[0]) && final.Length == 10_000 + (final[0] - 'a'), "the bytes are a mixture");
            Same((await store.StatAsync("race"))!.ETag, infos.Select(i => i.ETag).Distinct().Single(), "the winner's ETag");
        },
        ["A_pinned_read_refuses_another_version"] = async store =>
        {
            if (store is not IConditionalReads reads)
                return;
            var first = await PutAsync(store, "k", "first");
            await using (var stream = await reads.OpenReadIfMatchAsync("k", first.ETag, 2))
                Same("rst", await new StreamReader(stream).ReadToEndAsync(), "tail of the pinned version");
            await PutAsync(store, "k", "second", PutMode.Overwrite);
            await ThrowsAsync<BlobChangedException>(() => reads.OpenReadIfMatchAsync("k", first.ETag, 2));
        },
    };

    /// <summary>The name of every check.</summary>
    public static IEnumerable<string> Names => Checks.Keys;

    /// <summary>Runs one check against an empty store; throws <see cref="ConformanceException"/> when the store breaks the port's promise.</summary>
    public static Task RunAsync(string name, IBlobStore emptyStore) => Checks[name](emptyStore);

    private static Task<BlobInfo> PutAsync(IBlobStore store, string key, string text, PutMode mode = PutMode.IfAbsent) =>
        store.PutAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(text)), mode);

    private static async Task<byte[]> ReadAsync(IBlobStore store, string key, long offset = 0)
    {
        await using var stream = await store.OpenReadAsync(key, offset);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static async Task<List<string>> ListAsync(IBlobStore store, string prefix)
    {
        var keys = new List<string>();
        await foreach (var info in store.ListAsync(prefix))
            keys.Add(info.Key);
        return keys;
    }

    private static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private static void Same<T>(T expected, T actual, string what) =>
        Check(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: expected {expected}, got {actual}");

    private static void Check(bool holds, string message)
    {
        if (!holds)
            throw new ConformanceException(message);
    }

    private static async Task ThrowsAsync<T>(Func<Task> action)
        where T : Exception
    {
        try
        {
            await action();
        }
        catch (T)
        {
            return;
        }

        throw new ConformanceException($"expected {typeof(T).Name}");
    }

    private sealed class BreakingStream(int after) : Stream
    {
        private int left = after;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (this.left == 0)
                throw new IOException("the connection broke");
            var read = Math.Min(count, this.left);
            this.left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
