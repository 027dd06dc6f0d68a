using Ci.Releases;
using Ci.Storage;
using Ci.Testing.Network;
using Ci.Testing.Stores;

namespace Ci.EdgeAgent.Tests;

/// <summary>Whole agents that fetch from the clouds' stores over a line that breaks every connection: ranges resume, and little comes twice.</summary>
public sealed class CloudFetchTests
{
    private const int ChunkBytes = 1 << 20;
    private const int HeadBytes = 2048;

    [Fact]
    public async Task From_Azure_an_update_arrives_over_a_line_that_cuts_every_connection_and_at_most_a_chunk_a_cut_comes_twice()
    {
        using var azurite = await Azurite.StartAsync();
        using var proxy = new TcpProxy(azurite.Port, 5);
        await UpdatesAsync(
            proxy,
            new BlobLocation("azure://models/blobs") { Environment = At(azurite.Endpoint) },
            At($"http://127.0.0.1:{proxy.Port}/{Azurite.Account}"));

        static Dictionary<string, string> At(string endpoint) => new() { ["AZURE_STORAGE_CONNECTION_STRING"] = Azurite.ConnectionStringAt(endpoint) };
    }

    [Fact]
    public async Task From_S3_an_update_arrives_over_a_line_that_cuts_every_connection_and_at_most_a_chunk_a_cut_comes_twice()
    {
        await using var s3 = await S3Simulator.StartAsync();
        using var proxy = new TcpProxy(new Uri(s3.Endpoint).Port, 6);
        await UpdatesAsync(proxy, new BlobLocation($"s3://{S3Simulator.Bucket}/blobs") { Environment = At(s3.Endpoint) }, At($"http://127.0.0.1:{proxy.Port}"));
        Assert.Contains(s3.Requests, r => r.StartsWith("GET", StringComparison.Ordinal));

        static Dictionary<string, string> At(string endpoint) => new()
        {
            ["AWS_ENDPOINT_URL"] = endpoint, ["AWS_ACCESS_KEY_ID"] = S3Simulator.AccessKeyId, ["AWS_SECRET_ACCESS_KEY"] = S3Simulator.SecretAccessKey, ["AWS_REGION"] = "us-east-1",
        };
    }

    private static async Task UpdatesAsync(TcpProxy proxy, BlobLocation store, Dictionary<string, string> environment)
    {
        using var deployment = new Deployment();
        await PromoteAsync(deployment, store, deployment.Sign("1.0.0"), 1);
        await using var agent = await RunningAgent.StartAsync(deployment.Configure() with { Store = store.Address }, environment: environment);
        await agent.ServesAsync("1.0.0");

        var weights = new byte[10 * ChunkBytes];
        new Random(8).NextBytes(weights);
        var second = WithFile(deployment, "2.0.0", weights);
        (proxy.CutAnswersWithin, var before) = (3 * ChunkBytes, proxy.AnswerBytes);
        await PromoteAsync(deployment, store, second, 2);
        await agent.ServesAsync("2.0.0");
        Assert.True(proxy.Cuts >= 3, $"only {proxy.Cuts} cuts");
        var least = second.Blobs.Sum(b => (long)b.Length) - second.Blobs[0].Length - second.Blobs[1].Length;
        Assert.InRange(proxy.AnswerBytes - before, least, second.Blobs.Sum(b => (long)b.Length) + (proxy.Cuts * (long)ChunkBytes) + (proxy.Connections * 16L * HeadBytes));
        Assert.Empty(agent.Status.Refusals);
    }

    private static async Task PromoteAsync(Deployment deployment, BlobLocation store, SignedRelease signed, long sequence)
    {
        await Support.StoreAsync(BlobStores.Default.Open(store), signed);
        await deployment.PromoteAsync(signed, sequence);
    }

    private static SignedRelease WithFile(Deployment deployment, string version, byte[] bytes)
    {
        var file = new Artifact { Path = "notes.bin", Bytes = bytes.Length, Sha256 = Sha256Digest.Of(bytes), Role = ArtifactRole.Other, Chunks = ArtifactChunks.Of(bytes) };
        Assert.Equal(ChunkBytes, file.Chunks!.Bytes);
        var signed = deployment.Sign(version, "breast-mlp-cont.onnx", release => release with { Artifacts = [.. release.Artifacts, file], Limits = release.Limits with { MaxBytes = 1L << 30 } });
        return signed with { Blobs = [.. signed.Blobs, bytes] };
    }
}
