using System.Text;
using Ci.Storage;
using Ci.Testing.Stores;

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
            var stat = await store.StatAsync("a/b/c.bin");
            Same(info with { LastModified = default }, stat! with { LastModified = default }, "stat after put");
            // Not every store says in the answer to a put when it was; then it is this machine's clock.
            Check((info.LastModified - stat.LastModified).Duration() < TimeSpan.FromMinutes(5), "the time of the put is far from that of the stat");
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
        ["A_large_blob_comes_back_whole"] = async store =>
        {
            var bytes = Pattern(20 << 20);
            var info = await store.PutAsync("large", new MemoryStream(bytes));
            Same(bytes.Length, info.Length, "length");
            SameBytes(bytes, await ReadAsync(store, "large"), "the bytes differ");
            Same(info.ETag, (await store.PutAsync("large", new MemoryStream(bytes))).ETag, "etag after putting it again");
        },
        ["A_stream_that_cannot_be_rewound_is_stored_small_and_large"] = async store =>
        {
            foreach (var length in new[] { 0, 100, 8 << 20, (8 << 20) + 1, 17 << 20 })
            {
                var bytes = Pattern(length);
                await store.PutAsync($"forward/{length}", new ForwardStream(new MemoryStream(bytes)));
                SameBytes(bytes, await ReadAsync(store, $"forward/{length}"), $"the {length} bytes differ");
            }
        },
        ["A_read_goes_on_where_it_was_broken_off"] = async store =>
        {
            if (store is not IConditionalReads reads)
                return;
            var bytes = Pattern(3_000_000);
            var info = await store.PutAsync("resumed", new MemoryStream(bytes));
            using var copy = new MemoryStream();
            while (copy.Length < bytes.Length)
            {
                await using var part = await reads.OpenReadIfMatchAsync("resumed", info.ETag, copy.Length);
                var buffer = new byte[1_000_001];
                copy.Write(buffer, 0, await part.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false));
            }

            SameBytes(bytes, copy.ToArray(), "the bytes differ");
        },
        ["Many_keys_are_listed_over_all_pages"] = async store =>
        {
            var keys = Enumerable.Range(0, 1100).Select(n => $"many/{n % 7}/{n:D5}").ToList();
            await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, _) => await PutAsync(store, key, key));
            Same(string.Join(' ', keys.Order(StringComparer.Ordinal)), string.Join(' ', await ListAsync(store, "many/")), "all");
            Same(keys.Count(k => k.StartsWith("many/3/", StringComparison.Ordinal)), (await ListAsync(store, "many/3/")).Count, "one folder");
        },
        ["Keys_of_unusual_characters_are_kept_as_they_are"] = async store =>
        {
            string[] keys = ["a b/c d", "plus+plus", "percent%41", "hash#tag", "question?mark", "amp&ersand=1", "quote'\"", "tilde~(x)!*", "comma,semi;colon:", "é/日本/😀", "[x]{y}|^`<z>", "@$", "dots.../..a"];
            foreach (var key in keys)
                await PutAsync(store, key, key);
            foreach (var key in keys)
                Same(key, Encoding.UTF8.GetString(await ReadAsync(store, key)), key);
            Same(string.Join('\n', keys.Order(StringComparer.Ordinal)), string.Join('\n', await ListAsync(store, "")), "list");
            foreach (var key in keys)
                await store.DeleteAsync(key);
            Same("", string.Join('\n', await ListAsync(store, "")), "list after removing");
        },
        ["Puts_side_by_side_do_not_disturb_each_other"] = async store =>
        {
            var puts = Enumerable.Range(0, 40).Select(n => (Key: $"side/{n}", Bytes: Pattern((n * 7919) + 1, n))).ToList();
            await Task.WhenAll(puts.Select(p => store.PutAsync(p.Key, new MemoryStream(p.Bytes))));
            foreach (var (key, bytes) in puts)
                SameBytes(bytes, await ReadAsync(store, key), $"{key} differs");
        },
        ["A_cancelled_put_leaves_nothing_and_says_so"] = async store =>
        {
            await PutAsync(store, "other", "x");
            using var stop = new CancellationTokenSource();
            await ThrowsAsync<OperationCanceledException>(() => store.PutAsync("cancelled", new CancellingStream(stop, 12 << 20), PutMode.IfAbsent, stop.Token));
            Same(null, await store.StatAsync("cancelled"), "stat");
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

    private static byte[] Pattern(int length, int seed = 7)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void Same<T>(T expected, T actual, string what) =>
        Check(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: expected {expected}, got {actual}");

    private static void SameBytes(byte[] expected, byte[] actual, string message) => Check(expected.AsSpan().SequenceEqual(actual), message);

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
}
