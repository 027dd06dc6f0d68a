using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Fetching;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Objects;
using Ci.EdgeAgent.Sources;
using Ci.Releases;
using Ci.Storage;
using Ci.Testing;
using Microsoft.AspNetCore.Http;

namespace Ci.EdgeAgent.Tests;

/// <summary>One file of random bytes, the folder of a store that holds it, and the object store of a device that wants it.</summary>
internal sealed class FetchWorld : IDisposable
{
    public const int ChunkBytes = 256 << 10;
    private readonly TemporaryFolder folder = new();

    public FetchWorld(int bytes = 16 * ChunkBytes, bool signedChunks = true)
    {
        Bytes = new byte[bytes];
        new Random(7).NextBytes(Bytes);
        Artifact = new Artifact { Path = "model.onnx", Bytes = bytes, Sha256 = Sha256Digest.Of(Bytes), Role = ArtifactRole.Model };
        if (signedChunks)
            Artifact = Artifact with { Chunks = new ArtifactChunks { Bytes = ChunkBytes, Sha256 = [.. Bytes.Chunk(ChunkBytes).Select(c => Sha256Digest.Of(c))] } };
        Put(Bytes);
    }

    public byte[] Bytes { get; }

    public Artifact Artifact { get; }

    public string Key => BlobKeys.OfSha256(Artifact.Sha256.Hex);

    /// <summary>What a web server serves.</summary>
    public string Blobs => folder.Of("blobs");

    public ObjectStore Objects => new(DiskFiles.Instance, folder.Of("data"));

    public string Data => folder.Of("data");

    public bool IsHere => Objects.IsIntact(Artifact.Sha256.Hex, Artifact.Bytes);

    public void Put(byte[] bytes)
    {
        var path = Path.Combine(Blobs, Key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    public static Mirror Web(Uri address) => Mirror.Of(Store(address.AbsoluteUri), TimeProvider.System);

    public static Mirror Web(int port) => Web(new Uri($"http://127.0.0.1:{port}/"));

    public static IBlobStore Store(string address) => BlobStores.Default.Open(new BlobLocation(address) { Retries = 0, Settings = new Dictionary<string, string> { ["read_timeout"] = "2" } });

    /// <summary>Answers with a status and nothing else; true, so that it was the answer.</summary>
    public static bool Fail(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return true;
    }

    public ObjectFetcher Fetcher(FetchSettings settings, params Mirror[] mirrors)
    {
        var time = TimeProvider.System;
        return new ObjectFetcher(Objects, () => mirrors, new FetchPolicy(settings, new TrustedClock(time), time, DiskFiles.Instance, Data), settings, time, 1);
    }

    public async Task<FetchReport> FetchAsync(params Mirror[] mirrors)
    {
        using var fetcher = Fetcher(new FetchSettings(), mirrors);
        return await fetcher.FetchAsync(Artifact, CancellationToken.None);
    }

    public void Dispose() => folder.Dispose();
}
