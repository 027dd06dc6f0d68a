using Ci.Storage;
using Ci.Storage.FileSystem;
using Ci.Testing;
using Ci.Testing.Network;
using Ci.Testing.Stores;

namespace Ci.Data.Tests;

public sealed class TransferTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private S3Simulator? service;

    private S3Simulator Service => this.service!;

    public async Task InitializeAsync()
    {
        Project.Initialize(this.folder.Path);
        this.service = await S3Simulator.StartAsync();
    }

    public async Task DisposeAsync()
    {
        this.folder.Dispose();
        await this.Service.DisposeAsync();
    }

    [Fact]
    public async Task A_second_push_of_unchanged_folders_costs_one_request_for_each()
    {
        var outputs = Enumerable.Range(0, 3).Select(n => this.Folder($"d{n}", 100, n)).ToList();
        Assert.Equal(303, await this.Transfer().PushAsync(outputs));
        this.Service.Forget();
        Assert.Equal(0, await this.Transfer().PushAsync(outputs));
        Assert.Equal(3, this.Service.Requests.Count);
    }

    [Fact]
    public async Task A_second_push_of_many_single_files_costs_a_few_lists()
    {
        var outputs = this.Files(700);
        Assert.Equal(700, await this.Transfer().PushAsync(outputs));
        this.Service.Forget();
        Assert.Equal(0, await this.Transfer().PushAsync(outputs));
        Assert.InRange(this.Service.Requests.Count, 1, 3);
    }

    // A remote that holds much more than is asked for is not listed to its end.
    [Fact]
    public async Task Few_files_on_a_large_remote_are_asked_for_one_by_one()
    {
        this.Service.PageSize = 1000;
        var outputs = this.Files(12);
        await this.Transfer().PushAsync(outputs);
        var store = this.Store();
        await Parallel.ForEachAsync(Enumerable.Range(0, 4000), async (n, ct) => await store.PutAsync(Digest.KeyOf($"{n % 256:x2}{n:x30}"), new MemoryStream([1]), ct: ct));
        this.Service.Forget();
        Assert.Equal(0, await this.Transfer().PushAsync(outputs));
        Assert.InRange(this.Service.Requests.Count, 2, 15);
    }

    [Fact]
    public async Task A_remote_that_may_not_be_listed_is_asked_file_by_file()
    {
        var outputs = this.Files(20);
        await this.Transfer().PushAsync(outputs);
        this.Service.Fault = (method, key) => method == "GET" && key.Length == 0 ? (403, "AccessDenied") : null;
        Assert.Equal(0, await this.Transfer().PushAsync(outputs));
    }

    [Fact]
    public async Task A_part_of_a_folder_moves_alone_and_the_listing_waits_for_the_rest()
    {
        var all = this.Folder("d", 10, 0);
        var some = all with { Only = ["f3", "f4"] };
        Assert.Equal(2, await this.Transfer().PushAsync([some]));
        Assert.Null(await this.Store().StatAsync(all.Digest.Key));
        Assert.Equal(9, await this.Transfer().PushAsync([all]));
        this.ForgetCache();
        Assert.Equal(3, await this.Transfer().FetchAsync([some]));
        Assert.Equal(8, await this.Transfer().FetchAsync([all]));
    }

    [Fact]
    public async Task A_download_that_ended_half_way_goes_on_where_it_was_in_the_next_process()
    {
        var output = this.File("large", 12 << 20);
        await this.Transfer().PushAsync([output]);
        this.ForgetCache();
        using (var proxy = new TcpProxy(new Uri(this.Service.Endpoint).Port) { BytesPerSecond = 20 << 20 })
        {
            using var stop = new CancellationTokenSource();
            var progress = new TransferProgress();
            var fetch = this.Transfer(proxy, progress).FetchAsync([output], stop.Token);
            while (progress.Bytes < 5 << 20)
                await Task.Delay(5);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
        }

        this.Service.Forget();
        var rest = new TransferProgress();
        Assert.Equal(1, await this.Transfer(null, rest).FetchAsync([output]));
        Assert.InRange(rest.Bytes, 1, 7 << 20);
        Assert.Empty(Directory.EnumerateFiles(this.folder.Of(".dvc/cache/.mlops"), "*", SearchOption.AllDirectories));
        Assert.True(this.Open().Cache.Has(output.Digest.Md5));
    }

    [Fact]
    public async Task A_kept_beginning_that_was_damaged_is_fetched_anew()
    {
        var output = this.File("large", 6 << 20);
        await this.Transfer().PushAsync([output]);
        this.ForgetCache();
        var etag = (await this.Store().StatAsync(output.Digest.Key))!.ETag;
        var partial = this.folder.Write($".dvc/cache/.mlops/partial/{output.Digest.Md5}-{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(etag))}", "not the beginning");
        Assert.Equal(1, await this.Transfer().FetchAsync([output]));
        Assert.False(System.IO.File.Exists(partial));
    }

    [Fact]
    public async Task A_kept_beginning_of_another_version_is_fetched_anew()
    {
        var output = this.File("large", 6 << 20);
        await this.Transfer().PushAsync([output]);
        this.ForgetCache();
        this.folder.Write($".dvc/cache/.mlops/partial/{output.Digest.Md5}-{Convert.ToHexStringLower("\"old\""u8)}", "the beginning of something else");
        Assert.Equal(1, await this.Transfer().FetchAsync([output]));
        Assert.True(this.Open().Cache.Has(output.Digest.Md5));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Over_a_network_that_cuts_at_random_everything_arrives_and_nothing_wrong_does(int seed)
    {
        List<TrackedOutput> outputs = [this.Folder("d", 60, 1), this.File("large", 20 << 20), .. this.Files(10)];
        using var proxy = new TcpProxy(new Uri(this.Service.Endpoint).Port, seed) { CutRequestsWithin = 6 << 20, MostCuts = 8 };
        await EventuallyAsync(() => this.Transfer(proxy).PushAsync(outputs));
        var cuts = proxy.Cuts;
        this.ForgetCache();
        proxy.CutRequestsWithin = 0;
        proxy.CutAnswersWithin = 5 << 20;
        proxy.MostCuts = cuts + 10;
        await EventuallyAsync(() => this.Transfer(proxy).FetchAsync(outputs));
        Assert.True(proxy.Cuts > 0);
        var cache = this.Open().Cache;
        Assert.All(outputs, output => Assert.True(cache.HasAll(output.Digest.Md5)));
        Assert.Empty(Directory.EnumerateFiles(this.folder.Of(".dvc/cache"), "*.corrupt", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("refuses")]
    [InlineData("swallows")]
    public async Task A_network_that_is_gone_is_told_with_the_remotes_name(string kind)
    {
        var output = this.File("f", 10);
        using var proxy = new TcpProxy(new Uri(this.Service.Endpoint).Port) { Refuses = kind == "refuses", Swallows = kind == "swallows" };
        var error = await Assert.ThrowsAsync<StorageUnavailableException>(() => new DataTransfer(this.Open().Cache, this.Bare(proxy)).PushAsync([output]));
        Assert.Contains("remote `cloud`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_had_arrived_stays_when_the_cache_cannot_be_written_any_more()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
            return;
        var outputs = this.Files(30);
        await this.Transfer().PushAsync(outputs);
        this.ForgetCache();
        await this.Transfer().FetchAsync(outputs[..10]);
        System.IO.File.SetUnixFileMode(this.folder.Of(".dvc/cache"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var error = await Assert.ThrowsAsync<DataException>(() => this.Transfer().FetchAsync(outputs));
        Assert.Contains("cannot write to the cache", error.Message, StringComparison.Ordinal);
        System.IO.File.SetUnixFileMode(this.folder.Of(".dvc/cache"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(20, await this.Transfer().FetchAsync(outputs));
    }

    [Fact]
    public async Task The_cloud_status_names_what_is_new_deleted_and_missing()
    {
        var whole = this.Folder("d", 2, 0);
        var (here, there, gone) = (this.File("here", 1), this.File("there", 2), this.File("gone", 3));
        await this.Transfer().PushAsync([there]);
        System.IO.File.Delete(this.Open().Cache.PathOf(there.Digest.Md5));
        System.IO.File.Delete(this.Open().Cache.PathOf(gone.Digest.Md5));
        var changes = await CloudStatus.CompareAsync(this.Open().Cache, this.Store(), [whole, here, there, gone], new TransferOptions(), default);
        Assert.Equal(["d new", "d/f0 new", "d/f1 new", "gone missing", "here new", "there deleted"], changes.Select(c => $"{Path.GetRelativePath(this.folder.Path, c.Path)} {c.State}"));
        await this.Transfer().PushAsync([whole]);
        this.ForgetCache();
        changes = await CloudStatus.CompareAsync(this.Open().Cache, this.Store(), [whole], new TransferOptions(), default);
        Assert.Equal(["d/f0 deleted", "d/f1 deleted"], changes.Select(c => $"{Path.GetRelativePath(this.folder.Path, c.Path)} {c.State}"));
    }

    [Fact]
    public async Task A_sweep_keeps_what_is_used_and_takes_listings_first()
    {
        var (kept, unused) = (this.Folder("kept", 3, 1), this.Folder("unused", 3, 100));
        await this.Transfer().PushAsync([kept, unused]);
        var cache = this.Open().Cache;
        HashSet<string> used = [kept.Digest.Md5, .. cache.ReadListing(kept.Digest.Md5).Files.Select(f => f.Md5)];
        Assert.Equal(4, CacheSweep.Sweep(cache, used, dry: true).Count);
        Assert.Equal(4, (await CacheSweep.SweepAsync(this.Store(), used, DateTimeOffset.UtcNow.AddMinutes(1), dry: false, 4, default)).Count);
        Assert.Equal(4, CacheSweep.Sweep(cache, used, dry: false).Count);
        Assert.Equal(0, CacheSweep.Sweep(cache, used, dry: false).Count);
        Assert.True(this.Open().Cache.HasAll(kept.Digest.Md5));
        Assert.Equal(0, await this.Transfer().PushAsync([kept]));
        var removals = this.Service.Requests.Where(r => r.StartsWith("DELETE", StringComparison.Ordinal)).ToList();
        Assert.EndsWith(".dir", removals[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_writes_the_cache_and_who_sweeps_it_keep_apart()
    {
        var file = this.folder.Of(".dvc/tmp/use");
        using var script = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("flock", ["-s", file, "sleep", "60"]))!;
        try
        {
            var use = new CacheUse(file);
            while (await use.TryExcludeAsync(TimeSpan.Zero, TimeProvider.System, default) is { } free)
            {
                free.Dispose();
                await Task.Delay(20);
            }

            use.Share();
            Assert.Null(await use.TryExcludeAsync(TimeSpan.FromMilliseconds(100), TimeProvider.System, default));
        }
        finally
        {
            script.Kill(entireProcessTree: true);
        }
    }

    private static async Task EventuallyAsync(Func<Task<int>> transfer)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await transfer();
                return;
            }
            catch (StorageUnavailableException) when (attempt < 5)
            {
                // The same command again, as a person would.
            }
        }
    }

    private BlobLocation Location(TcpProxy? proxy) => new($"s3://{S3Simulator.Bucket}/store")
    {
        Name = "cloud",
        Settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["endpointurl"] = proxy is null ? this.Service.Endpoint : $"http://127.0.0.1:{proxy.Port}", ["access_key_id"] = S3Simulator.AccessKeyId, ["secret_access_key"] = S3Simulator.SecretAccessKey, ["read_timeout"] = "2",
        },
    };

    private IBlobStore Store(TcpProxy? proxy = null) => BlobStores.Default.Open(this.Location(proxy));

    private RetryingBlobStore Bare(TcpProxy proxy) => new(Ci.Storage.S3.S3BlobStore.Of(this.Location(proxy)), retries: 1, firstPause: TimeSpan.FromMilliseconds(1));

    private DataTransfer Transfer(TcpProxy? proxy = null, TransferProgress? progress = null) =>
        new(this.Open().Cache, this.Store(proxy), new TransferOptions { Jobs = 8, Progress = progress ?? new(), FirstPause = TimeSpan.FromMilliseconds(10) });

    private Project Open() => Project.Open(this.folder.Path, TimeProvider.System);

    private void ForgetCache()
    {
        Directory.Delete(this.folder.Of(".dvc/cache"), recursive: true);
        Directory.Delete(this.folder.Of(".dvc/tmp"), recursive: true);
    }

    private TrackedOutput Folder(string name, int files, int seed)
    {
        for (var i = 0; i < files; i++)
            this.folder.Write($"{name}/f{i}", $"{name} {seed} {i}");
        return new TrackedOutput(this.folder.Of(name), this.Open().Workspace.Save(this.folder.Of(name)));
    }

    private TrackedOutput File(string name, int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        System.IO.File.WriteAllBytes(this.folder.Of(name), bytes);
        return new TrackedOutput(this.folder.Of(name), this.Open().Workspace.Save(this.folder.Of(name)));
    }

    private List<TrackedOutput> Files(int count)
    {
        var project = this.Open();
        return [.. Enumerable.Range(0, count).Select(n => this.folder.Write($"single-{n}", $"file {n}")).Select(path => new TrackedOutput(path, project.Workspace.Save(path)))];
    }
}
