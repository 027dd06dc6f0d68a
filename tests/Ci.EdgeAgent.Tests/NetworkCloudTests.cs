using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ci.EdgeAgent.Configuration;
using Ci.Releases;
using Ci.Storage;
using Ci.Testing.Stores;

namespace Ci.EdgeAgent.Tests;

/// <summary>Whole agents whose mirror and blobs lie in S3 and in Azure Blob Storage, with credentials from the environment and rights to read alone.</summary>
public sealed class NetworkCloudTests
{
    [Fact]
    public async Task A_device_lives_on_an_S3_bucket_alone()
    {
        await using var s3 = await S3Simulator.StartAsync();
        var environment = new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL"] = s3.Endpoint, ["AWS_ACCESS_KEY_ID"] = S3Simulator.AccessKeyId, ["AWS_SECRET_ACCESS_KEY"] = S3Simulator.SecretAccessKey, ["AWS_REGION"] = "us-east-1",
        };
        await FollowsAsync($"s3://{S3Simulator.Bucket}/devices", environment, environment);
        Assert.DoesNotContain(s3.Requests, r => r.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_device_lives_on_an_Azure_container_with_a_shared_access_signature_that_may_only_read()
    {
        using var azurite = await Azurite.StartAsync();
        var writes = new Dictionary<string, string> { ["AZURE_STORAGE_CONNECTION_STRING"] = azurite.ConnectionString };
        var reads = new Dictionary<string, string> { ["AZURE_STORAGE_SERVICE_ENDPOINT"] = azurite.Endpoint, ["AZURE_STORAGE_ACCOUNT"] = Azurite.Account, ["AZURE_STORAGE_SAS_TOKEN"] = Sas("r") };
        await FollowsAsync("azure://devices/fleet", writes, reads);
    }

    // Served, updated, and again after a day on which the store says no.
    private static async Task FollowsAsync(string address, Dictionary<string, string> writes, Dictionary<string, string> reads)
    {
        await using var world = await MirrorWorld.StartAsync();
        var store = BlobStores.Default.Open(new BlobLocation(address) { Environment = writes });
        await PublishAsync(world, store, "1.0.0", 1);
        world.Configure(source: $"\"mirror\":\"{address}\"");
        var configuration = AgentConfigurationFile.Read(world.ConfigPath, new Dictionary<string, string> { ["MLOPS_EDGE_STORE"] = address });
        await using var agent = await RunningAgent.StartAsync(configuration, environment: reads);
        await agent.ServesAsync("1.0.0");
        await PublishAsync(world, store, "2.0.0", 2);
        await agent.ServesAsync("2.0.0");
        foreach (var secret in reads.Where(v => v.Key is "AZURE_STORAGE_SAS_TOKEN" or "AWS_SECRET_ACCESS_KEY").Select(v => v.Value))
            Assert.DoesNotContain(secret, agent.Log, StringComparison.Ordinal);
    }

    private static async Task PublishAsync(MirrorWorld world, IBlobStore store, string version, long sequence)
    {
        var signed = world.Sign(version, sequence % 2 == 0 ? "breast-mlp-cont.onnx" : "breast-mlp-base.onnx");
        await world.PublishAsync(signed, sequence);
        await Support.StoreAsync(store, signed);
        string[] documents =
        [
            $"releases/{MirrorWorld.Model}/{signed.Release.Id}.json", $"releases/{MirrorWorld.Model}/{signed.Release.Id}.sigstore.json", Channel.PathOf(MirrorWorld.Environment, MirrorWorld.Model), MirrorIndex.FileName,
        ];
        foreach (var path in documents)
        {
            using var content = new MemoryStream(world.Read(path));
            await store.PutAsync(path, content, PutMode.Overwrite);
        }
    }

    // https://learn.microsoft.com/rest/api/storageservices/create-account-sas
    private static string Sas(string permissions)
    {
        var expiry = TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        const string Version = "2020-08-04";
        var text = $"{Azurite.Account}\n{permissions}\nb\no\n\n{expiry}\n\n\n{Version}\n";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Azurite.Key), Encoding.UTF8.GetBytes(text)));
        return $"sv={Version}&ss=b&srt=o&sp={permissions}&se={Uri.EscapeDataString(expiry)}&sig={Uri.EscapeDataString(signature)}";
    }
}
