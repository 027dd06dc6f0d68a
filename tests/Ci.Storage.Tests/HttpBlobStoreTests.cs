using System.Net;
using System.Net.Http.Headers;
using Ci.Storage.Http;

namespace Ci.Storage.Tests;

public sealed class HttpBlobStoreTests
{
    private static readonly byte[] Content = "0123456789"u8.ToArray();

    [Fact]
    public async Task Facts_come_from_the_headers()
    {
        var info = await StoreOf(Serve).StatAsync("a b/k");
        Assert.Equal(new BlobInfo("a b/k", 10, "\"v1\"", DateTimeOffset.UnixEpoch), info);
    }

    [Fact]
    public async Task A_range_is_asked_for_and_read()
    {
        await using var stream = await StoreOf(Serve).OpenReadAsync("a b/k", 7);
        Assert.Equal("789", await new StreamReader(stream).ReadToEndAsync());
    }

    [Fact]
    public async Task A_server_without_ranges_still_gives_the_tail()
    {
        await using var stream = await StoreOf(_ => Answer(HttpStatusCode.OK, Content)).OpenReadAsync("k", 7);
        Assert.Equal("789", await new StreamReader(stream).ReadToEndAsync());
    }

    [Fact]
    public async Task Another_range_than_asked_for_is_never_taken()
    {
        var store = StoreOf(_ =>
        {
            var answer = Answer(HttpStatusCode.PartialContent, Content);
            answer.Content.Headers.ContentRange = new ContentRangeHeaderValue(0, 9, 10);
            return answer;
        });
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.OpenReadAsync("k", 7));
    }

    [Fact]
    public async Task A_changed_blob_is_not_continued()
    {
        var store = StoreOf(Serve);
        await Assert.ThrowsAsync<BlobChangedException>(() => store.OpenReadIfMatchAsync("a b/k", "\"v0\"", 3));
    }

    [Theory]
    [InlineData(404, typeof(BlobNotFoundException))]
    [InlineData(403, typeof(StorageRefusedException))]
    [InlineData(503, typeof(StorageUnavailableException))]
    [InlineData(429, typeof(StorageUnavailableException))]
    public async Task Status_codes_become_the_family(int status, Type expected)
    {
        var error = await Record.ExceptionAsync(() => StoreOf(_ => new HttpResponseMessage((HttpStatusCode)status)).OpenReadAsync("k"));
        Assert.IsType(expected, error);
    }

    [Fact]
    public async Task Writing_is_refused_in_words()
    {
        var error = await Assert.ThrowsAsync<StorageRefusedException>(() => StoreOf(Serve).PutAsync("k", Stream.Null));
        Assert.Contains("read-only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_retrying_store_asks_again_after_a_transient_failure()
    {
        var calls = 0;
        var store = new RetryingBlobStore(
            StoreOf(request => ++calls < 3 ? new HttpResponseMessage(HttpStatusCode.BadGateway) : Serve(request)),
            firstPause: TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await store.StatAsync("a b/k"));
        Assert.Equal(3, calls);
    }

    private static HttpBlobStore StoreOf(Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        new(new Uri("https://example.org/root?sig=1"), new HttpClient(new Handler(answer)));

    private static HttpResponseMessage Serve(HttpRequestMessage request)
    {
        Assert.Equal("https://example.org/root/a%20b/k?sig=1", request.RequestUri!.AbsoluteUri);
        if (request.Headers.IfMatch.Count > 0 && request.Headers.IfMatch.Single().Tag != "\"v1\"")
            return new HttpResponseMessage(HttpStatusCode.PreconditionFailed);
        if (request.Headers.Range is not { } range)
            return Answer(HttpStatusCode.OK, Content);
        var from = (int)range.Ranges.Single().From!.Value;
        var answer = Answer(HttpStatusCode.PartialContent, Content[from..]);
        answer.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, 9, 10);
        return answer;
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, byte[] bytes)
    {
        var answer = new HttpResponseMessage(status) { Content = new ByteArrayContent(bytes) };
        answer.Headers.ETag = new EntityTagHeaderValue("\"v1\"");
        answer.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
        return answer;
    }

    private sealed class Handler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}
