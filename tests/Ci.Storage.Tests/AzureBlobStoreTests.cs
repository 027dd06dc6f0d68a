using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ci.Storage.AzureBlobs;
using Ci.Testing;
using Ci.Testing.Network;
using Ci.Testing.Stores;

namespace Ci.Storage.Tests;

public sealed class AzureBlobStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    public static TheoryData<string> Checks() => [.. BlobStoreConformance.Names];

    [Theory]
    [MemberData(nameof(Checks))]
    public Task The_azure_store_conforms(string check) => BlobStoreConformance.RunAsync(check, azurite.NewStore());

    [Fact]
    public async Task A_container_that_is_not_there_yet_holds_nothing_and_is_told_to_whoever_reads()
    {
        var store = azurite.NewStore();
        Assert.Null(await store.StatAsync("k"));
        Assert.Empty(await KeysAsync(store));
        Assert.Contains("does not exist", (await Assert.ThrowsAsync<StorageRefusedException>(() => store.OpenReadAsync("k"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_lie_below_the_path_of_the_address()
    {
        var container = azurite.NewContainer();
        var inner = AzureBlobStore.Of(azurite.Location($"{container}/some path/inner"));
        await inner.PutAsync("a/k", new MemoryStream([1]));
        Assert.Equal(["a/k"], await KeysAsync(inner));
        Assert.Equal(["some path/inner/a/k"], await KeysAsync(AzureBlobStore.Of(azurite.Location(container))));
    }

    [Fact]
    public async Task An_upload_that_broke_off_is_continued_by_its_staged_blocks()
    {
        var sent = new List<string>();
        using var client = new HttpClient(new Listening(sent));
        var location = azurite.Location(azurite.NewContainer());
        await AzureBlobStore.Of(location).PutAsync("other", new MemoryStream([1]));
        var bytes = new byte[(40 << 20) + 5];
        new Random(1).NextBytes(bytes);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => AzureBlobStore.Of(location, client).PutAsync("large", new Half(bytes, 33 << 20)));
        var before = sent.Count(IsBlock);
        Assert.InRange(before, 3, 4);

        sent.Clear();
        await AzureBlobStore.Of(location, client).PutAsync("large", new MemoryStream(bytes));
        Assert.Equal(6 - before, sent.Count(IsBlock));
        await using var stored = await AzureBlobStore.Of(location).OpenReadAsync("large");
        Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)), Convert.ToHexString(await SHA256.HashDataAsync(stored)));
    }

    [Fact]
    public async Task A_sas_without_a_right_is_told_which_letter_it_lacks()
    {
        var container = azurite.NewContainer();
        await AzureBlobStore.Of(azurite.Location(container)).PutAsync("k", new MemoryStream([1]));
        var store = AzureBlobStore.Of(new BlobLocation($"azure://{container}")
        {
            Name = "cloud",
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["account_name"] = Azurite.Account, ["sas_token"] = AccountSas("rl") },
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["AZURE_STORAGE_SERVICE_ENDPOINT"] = azurite.Server.Endpoint },
        });
        Assert.NotNull(await store.StatAsync("k"));
        Assert.Equal(["k"], await KeysAsync(store));
        var refused = await Assert.ThrowsAsync<StorageRefusedException>(() => store.PutAsync("new", new MemoryStream([1])));
        Assert.Contains("`sp` needs c and w", refused.Message, StringComparison.Ordinal);
        Assert.Contains("remote `cloud`", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_come_from_the_environment_where_the_remote_names_none()
    {
        var container = azurite.NewContainer();
        var byString = new BlobLocation($"azure://{container}") { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["AZURE_STORAGE_CONNECTION_STRING"] = azurite.Server.ConnectionString } };
        await AzureBlobStore.Of(byString).PutAsync("k", new MemoryStream([1]));
        var byKey = new BlobLocation($"azure://{container}")
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["AZURE_STORAGE_ACCOUNT"] = Azurite.Account, ["AZURE_STORAGE_KEY"] = Azurite.Key, ["AZURE_STORAGE_SERVICE_ENDPOINT"] = azurite.Server.Endpoint,
            },
        };
        Assert.NotNull(await AzureBlobStore.Of(byKey).StatAsync("k"));
        Assert.Contains("no storage account is named", Assert.Throws<StorageRefusedException>(() => AzureBlobStore.Of(new BlobLocation("azure://c/x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_in_words_and_is_not_repeated()
    {
        var wrong = Convert.ToBase64String(new byte[64]);
        var store = AzureBlobStore.Of(new BlobLocation($"azure://{azurite.NewContainer()}")
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["account_name"] = Azurite.Account, ["account_key"] = wrong },
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["AZURE_STORAGE_SERVICE_ENDPOINT"] = azurite.Server.Endpoint },
        });
        var refused = await Assert.ThrowsAsync<StorageRefusedException>(() => store.PutAsync("k", new MemoryStream([1])));
        Assert.Contains("the account key was not accepted", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("imds")]
    [InlineData("app service")]
    [InlineData("workload")]
    [InlineData("secret")]
    public async Task The_identity_of_machine_or_workload_asks_for_a_token_once(string kind)
    {
        await using var authority = await LoopbackServer.StartAsync(async (context, _) =>
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, """{"access_token":"the-token","expires_in":"3600"}"""));
        using var folder = new TemporaryFolder();
        var address = authority.Address.AbsoluteUri;
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["AZURE_STORAGE_ACCOUNT"] = "account" };
        foreach (var (name, value) in kind switch
        {
            "imds" => new[] { ("AZURE_POD_IDENTITY_AUTHORITY_HOST", address), ("AZURE_CLIENT_ID", "me") },
            "app service" => [("IDENTITY_ENDPOINT", address + "msi/token"), ("IDENTITY_HEADER", "h")],
            "workload" => [("AZURE_AUTHORITY_HOST", address), ("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "me"), ("AZURE_FEDERATED_TOKEN_FILE", folder.Write("token", "federated\n"))],
            _ => [("AZURE_AUTHORITY_HOST", address), ("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "me"), ("AZURE_CLIENT_SECRET", "s3cret")],
        })
            environment[name] = value;
        var asked = new List<HttpRequestMessage>();
        using var client = new HttpClient(new Stub(request =>
        {
            asked.Add(request);
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        }));
        var store = AzureBlobStore.Of(new BlobLocation("azure://container") { Environment = environment }, client);
        Assert.Null(await store.StatAsync("k"));
        Assert.Null(await store.StatAsync("l"));
        Assert.All(asked, request => Assert.Equal("Bearer the-token", request.Headers.Authorization?.ToString()));
        Assert.Equal("https://account.blob.core.windows.net/container/k", asked[0].RequestUri?.AbsoluteUri);
        var request = Assert.Single(authority.Requests);
        Assert.StartsWith(
            kind switch
            {
                "imds" => "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=me",
                "app service" => "GET /msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com%2F",
                "workload" => "POST /t/oauth2/v2.0/token grant_type=client_credentials&client_id=me&scope=https%3A%2F%2Fstorage.azure.com%2F.default&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=federated",
                _ => "POST /t/oauth2/v2.0/token grant_type=client_credentials&client_id=me&scope=https%3A%2F%2Fstorage.azure.com%2F.default&client_secret=s3cret",
            },
            request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_off_signs_again_by_the_services_clock()
    {
        var now = DateTimeOffset.UtcNow;
        var dates = new List<DateTimeOffset>();
        using var client = new HttpClient(new Stub(request =>
        {
            dates.Add(DateTimeOffset.Parse(request.Headers.GetValues("x-ms-date").Single(), CultureInfo.InvariantCulture));
            var answer = new HttpResponseMessage((now - dates[^1]).Duration() > TimeSpan.FromMinutes(15) ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound);
            answer.Headers.Date = now;
            return answer;
        }));
        var location = azurite.Location("container") with { Time = new Off(TimeSpan.FromHours(-3)) };
        Assert.Null(await AzureBlobStore.Of(location, client).StatAsync("k"));
        Assert.Equal(2, dates.Count);
    }

    [Theory]
    [InlineData("azure://", "no container")]
    [InlineData("azure://c/a//b", "cannot be a blob's key")]
    public void An_address_that_names_nothing_is_told(string address, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<StorageException>(() => AzureBlobStore.Of(azurite.Location("x") with { Address = address })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_containers_web_address_is_Azures_and_other_web_addresses_are_not()
    {
        Assert.Equal("Azure container account.blob.core.windows.net/models", BlobStores.Default.Open("https://account.blob.core.windows.net/models/x").Description);
        Assert.Equal("web address https://example.org/models/", BlobStores.Default.Open("https://example.org/models").Description);
    }

    private static bool IsBlock(string request) => request.Contains("comp=block&", StringComparison.Ordinal);

    private static async Task<List<string>> KeysAsync(AzureBlobStore store)
    {
        var keys = new List<string>();
        await foreach (var blob in store.ListAsync(""))
            keys.Add(blob.Key);
        return keys;
    }

    // https://learn.microsoft.com/rest/api/storageservices/create-account-sas
    private static string AccountSas(string permissions)
    {
        const string version = "2020-08-04", expires = "2099-01-01T00:00:00Z";
        var text = $"{Azurite.Account}\n{permissions}\nb\nsco\n\n{expires}\n\n\n{version}\n";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Azurite.Key), Encoding.UTF8.GetBytes(text)));
        return $"sv={version}&ss=b&srt=sco&sp={permissions}&se={Uri.EscapeDataString(expires)}&sig={Uri.EscapeDataString(signature)}";
    }

    private sealed class Half(byte[] bytes, int most) : ForwardStream(new MemoryStream(bytes))
    {
        private int left = most;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, Math.Min(count, this.left));
            this.left -= read;
            return read > 0 ? read : throw new IOException("the disk went away");
        }
    }

    private sealed class Listening(List<string> sent) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (sent)
                sent.Add(request.RequestUri!.Query);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Stub(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }

    private sealed class Off(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
