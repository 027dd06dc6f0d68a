using Ci.Storage.FileSystem;
using Ci.Storage.Http;
using Ci.Testing;
using Ci.Testing.Network;
using Ci.Testing.Stores;

namespace Ci.Storage.Tests;

public sealed class HttpConformanceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // What concerns reading alone.
    public static TheoryData<string> Checks() =>
    [
        "What_was_put_is_read_back_whole", "An_empty_blob_is_a_blob", "Reading_begins_at_the_offset", "An_absent_key_is_null_to_stat_and_not_found_to_read", "A_large_blob_comes_back_whole",
        "A_read_goes_on_where_it_was_broken_off", "Keys_of_unusual_characters_are_kept_as_they_are", "A_pinned_read_refuses_another_version",
    ];

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task The_http_store_conforms_in_what_it_can(string check)
    {
        await using var server = await LoopbackServer.ServeAsync(this.folder.Path);
        await BlobStoreConformance.RunAsync(check, new ReadThroughStore(new FolderBlobStore(this.folder.Path), new HttpBlobStore(server.Address)));
    }

    [Theory]
    [InlineData("basic", "Authorization", "Basic dXNlcjpwYXNz")]
    [InlineData("custom", "X-Key", "pass")]
    public async Task DVCs_ways_to_authenticate_are_known(string auth, string header, string value)
    {
        this.folder.Write("k", "x");
        await using var server = await LoopbackServer.ServeAsync(this.folder.Path, context =>
        {
            if (context.Request.Headers[header] == value)
                return false;
            context.Response.StatusCode = 401;
            return true;
        });
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["auth"] = auth, ["user"] = "user", ["password"] = "pass", ["custom_auth_header"] = "X-Key" };
        Assert.NotNull(await BlobStores.Default.Open(new BlobLocation(server.Address.AbsoluteUri) { Settings = settings }).StatAsync("k"));
        var refused = await Assert.ThrowsAsync<StorageRefusedException>(() => BlobStores.Default.Open(new BlobLocation(server.Address.AbsoluteUri) { Name = "web" }).StatAsync("k"));
        Assert.Contains("remote `web`", refused.Message, StringComparison.Ordinal);
        Assert.Contains("check the credentials", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_for_too_long_is_left()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted));
        var store = HttpBlobStore.Of(new BlobLocation(server.Address.AbsoluteUri) { Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["read_timeout"] = "0.3" } });
        Assert.Contains("did not answer in time", (await Assert.ThrowsAsync<StorageUnavailableException>(() => store.StatAsync("k"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_falls_silent_is_an_error_and_no_early_end()
    {
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentLength = 100;
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted);
        });
        var store = HttpBlobStore.Of(new BlobLocation(server.Address.AbsoluteUri) { Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["read_timeout"] = "0.3" } });
        await using var stream = await store.OpenReadAsync("k");
        Assert.Contains("nothing came", (await Assert.ThrowsAsync<IOException>(() => stream.CopyToAsync(Stream.Null))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_server_is_left_alone_for_as_long_as_it_asks()
    {
        var calls = 0;
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = ++calls < 2 ? 429 : 404;
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        });
        var begun = TimeProvider.System.GetTimestamp();
        Assert.Null(await BlobStores.Default.Open(server.Address.AbsoluteUri).StatAsync("k"));
        Assert.Equal(2, calls);
        Assert.True(TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(0.9));
    }
}
