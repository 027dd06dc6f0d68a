using Ci.Storage.S3;
using Ci.Testing;
using Ci.Testing.Stores;

namespace Ci.Storage.Tests;

public sealed class S3BlobStoreTests(S3Fixture s3) : IClassFixture<S3Fixture>
{
    // s3rver knows no conditional puts: of two that race the later one stands, as the store says of such services.
    private const string Racing = "Racing_puts_of_one_key_agree_on_a_single_winner";

    public static TheoryData<string> Checks() => [.. BlobStoreConformance.Names];

    public static TheoryData<string> ChecksWithoutConditions() => [.. BlobStoreConformance.Names.Where(name => name != Racing)];

    [Theory]
    [MemberData(nameof(Checks))]
    public Task The_s3_store_conforms_on_a_strict_service(string check) => BlobStoreConformance.RunAsync(check, s3.NewSimulatorStore());

    [Theory]
    [MemberData(nameof(ChecksWithoutConditions))]
    public Task The_s3_store_conforms_on_s3rver(string check) => BlobStoreConformance.RunAsync(check, s3.NewRverStore());

    [Fact]
    public async Task An_upload_that_fails_leaves_no_parts_behind()
    {
        await using var service = await S3Simulator.StartAsync();
        var store = S3BlobStore.Of(Location(service));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.PutAsync("large", new BreakingStream(20 << 20)));
        service.Fault = (method, key) => method == "PUT" && key == "large" ? (500, "InternalError") : null;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.PutAsync("large", new MemoryStream(new byte[20 << 20])));
        Assert.Equal(0, service.OpenUploads);
        Assert.Null(await store.StatAsync("large"));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task What_the_service_does_with_conditions_is_tried_once(bool knows, int requestsOfALaterPut)
    {
        await using var service = await S3Simulator.StartAsync();
        service.KnowsConditions = knows;
        var store = S3BlobStore.Of(Location(service));
        await store.PutAsync("a", new MemoryStream([1]));
        service.Forget();
        await store.PutAsync("b", new MemoryStream([1]));
        Assert.Equal(requestsOfALaterPut, service.Requests.Count);
        Assert.Equal((await store.StatAsync("b"))!.ETag, (await store.PutAsync("b", new MemoryStream([2]))).ETag);
    }

    [Theory]
    [InlineData(403, "AccessDenied", typeof(StorageRefusedException), "needs the permission s3:PutObject|need the permission s3:PutObject")]
    [InlineData(403, "RequestTimeTooSkewed", typeof(StorageRefusedException), "clock")]
    [InlineData(503, "SlowDown", typeof(StorageUnavailableException), "SlowDown")]
    [InlineData(409, "ConditionalRequestConflict", typeof(StorageUnavailableException), "busy")]
    public async Task Refusals_are_told_in_words(int status, string code, Type expected, string said)
    {
        await using var service = await S3Simulator.StartAsync();
        service.Fault = (method, _) => method == "PUT" ? (status, code) : null;
        var error = await Record.ExceptionAsync(() => S3BlobStore.Of(Location(service) with { Name = "cloud" }).PutAsync("k", new MemoryStream([1])));
        Assert.IsType(expected, error);
        Assert.Contains(said.Split('|')[^1], error.Message, StringComparison.Ordinal);
        Assert.Contains("remote `cloud`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_not_repeated()
    {
        await using var service = await S3Simulator.StartAsync();
        var store = S3BlobStore.Of(S3Fixture.Location($"s3://{S3Simulator.Bucket}/x", service.Endpoint, S3Simulator.AccessKeyId, "wrong-secret"));
        var error = await Assert.ThrowsAsync<StorageRefusedException>(() => store.OpenReadAsync("k"));
        Assert.Contains("the secret access key is not the one", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_come_from_the_environment_or_a_profile_that_was_given_and_from_nowhere_else()
    {
        await using var service = await S3Simulator.StartAsync();
        using var folder = new TemporaryFolder();
        folder.Write(".aws/credentials", $"[other]\naws_access_key_id = no\naws_secret_access_key = no\n[team]\naws_access_key_id = {S3Simulator.AccessKeyId}\naws_secret_access_key = {S3Simulator.SecretAccessKey}\n");
        var address = new BlobLocation($"s3://{S3Simulator.Bucket}/x") { Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["endpointurl"] = service.Endpoint } };
        var byVariables = address with { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["AWS_ACCESS_KEY_ID"] = S3Simulator.AccessKeyId, ["AWS_SECRET_ACCESS_KEY"] = S3Simulator.SecretAccessKey } };
        Assert.Null(await S3BlobStore.Of(byVariables).StatAsync("k"));
        var byProfile = address with { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = folder.Path, ["AWS_PROFILE"] = "team" } };
        Assert.Null(await S3BlobStore.Of(byProfile).StatAsync("k"));
        Assert.Contains("no credentials were found", (await Assert.ThrowsAsync<StorageRefusedException>(() => S3BlobStore.Of(address).StatAsync("k"))).Message, StringComparison.Ordinal);
    }

    private static BlobLocation Location(S3Simulator service) => S3Fixture.Location($"s3://{S3Simulator.Bucket}", service.Endpoint, S3Simulator.AccessKeyId, S3Simulator.SecretAccessKey);
}
