using System.Security.Cryptography;
using Ci.Git;
using Ci.Onnx;
using Ci.Releases;
using Ci.Storage;
using Ci.Testing;

namespace Ci.Benchmarks.Serving;

/// <summary>A signed release of one model in a local deploy repository and blob store, as a promotion leaves it.</summary>
internal sealed class BenchmarkDeployment(string model) : IDisposable
{
    private const string Name = "bench";
    private readonly TemporaryFolder folder = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string ModelFile => RepositoryRoot.At("tests", "Fixtures", "models", $"{model}.onnx");

    public string InferPath => $"/v2/models/{Name}/infer";

    /// <summary>One row, as every client sends it.</summary>
    public string RequestBody { get; private set; } = "";

    /// <summary>The release <c>SEQUENCE.0.0</c>.</summary>
    /// <param name="sequence">The channel's.</param>
    /// <param name="goldenShift">How far the golden answers lie from what the model answers.</param>
    public async Task PromoteAsync(int sequence = 1, double goldenShift = 0)
    {
        File.WriteAllText(folder.Of("key.pem"), key.ExportSubjectPublicKeyInfoPem());
        var bytes = await File.ReadAllBytesAsync(ModelFile);
        using var session = OnnxSession.Load(OnnxRuntime.Load(null, OnnxRuntimeLibrary.Environment), bytes);
        var golden = Golden(session, goldenShift);
        var input = session.Inputs[0];
        RequestBody = $"{{\"inputs\":[{{\"name\":\"{input.Name}\",\"datatype\":\"FP32\",\"shape\":[1,{input.Shape[^1]}],\"data\":[{string.Join(',', Row((int)input.Shape[^1]).Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}]}}]}}";
        var release = (Describe(session, bytes, golden) with { Version = $"{sequence}.0.0" }).Seal();
        var document = release.ToBytes();
        var blobs = BlobStores.Default.Open(folder.Of("blobs"));
        foreach (var blob in new[] { bytes, golden })
        {
            using var content = new MemoryStream(blob);
            await blobs.PutAsync(BlobKeys.OfSha256(Sha256Digest.Of(blob).Hex), content);
        }

        var channel = new Channel { Environment = "production", Model = Name, Release = release.Id, Sequence = sequence, PromotionId = Sha256Digest.Of([(byte)sequence]) };
        var repository = await GitRepository.InitAsync(folder.Of("deploy.git"), bare: true, o: new GitOptions { Environment = GitIsolation.Environment });
        var head = await repository.ResolveAsync("refs/heads/main");
        var tree = await repository.WriteTreeAsync(head, new Dictionary<string, byte[]?>
        {
            [$"channels/production/{Name}.json"] = channel.ToBytes(),
            [$"releases/{Name}/{release.Id}.json"] = document,
            [$"releases/{Name}/{release.Id}.sigstore.json"] = ReleaseVerification.Sign(key, release, document),
        });
        await repository.UpdateRefAsync("refs/heads/main", await repository.CommitTreeAsync(tree, head is null ? [] : [head], "promote"), head);
    }

    /// <summary>An agent.json with a data folder of its own.</summary>
    public string Configuration(string data, double pollSeconds = 60, int batchRows = 1)
    {
        var batching = batchRows > 1 ? $",\"batching\":{{\"maxRows\":{batchRows}}}" : "";
        var text = $$"""
            {"device":"bench","environment":"production","models":["{{Name}}"],"source":{"git":"deploy.git"},"store":"blobs","trustedKeys":["key.pem"],"data":"{{data}}",
             "listen":"http://127.0.0.1:0","pollSeconds":{{pollSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}},"soakSeconds":0,"onnxRuntime":"{{OnnxRuntimeLibrary.Path}}","limits":{"maxConcurrency":256}{{batching}} }
            """;
        return folder.Write($"{data}.json", text);
    }

    public void Dispose()
    {
        key.Dispose();
        folder.Dispose();
    }

    private static float[] Row(int width) => [.. Enumerable.Range(0, width).Select(i => (i * 37 % 11 * 0.1f) + 0.05f)];

    private static byte[] Golden(OnnxSession session, double shift)
    {
        var input = session.Inputs[0];
        var row = Row((int)input.Shape[^1]);
        var outputs = session.Run([OnnxValue.Of(input.Name, row, 1, row.Length)]);
        return new GoldenSet
        {
            Request = new GoldenRequest { Inputs = [GoldenTensor.OfNumbers(input.Name, "FP32", [1, row.Length], Array.ConvertAll(row, v => (double)v))] },
            Response = new GoldenResponse { Outputs = [.. outputs.Select(o => GoldenTensor.OfNumbers(o.Name, o.Type.ToDatatype()!, o.Shape, Array.ConvertAll(o.ToDoubles(), v => v + shift)))] },
            Tolerance = outputs.ToDictionary(o => o.Name, _ => new ToleranceValue { Absolute = 1e-3, Relative = 1e-3 }, StringComparer.Ordinal),
        }.ToBytes();
    }

    private static Release Describe(OnnxSession session, byte[] model, byte[] golden) => new()
    {
        Name = Name,
        Version = "1.0.0",
        Artifacts =
        [
            new Artifact { Path = "model.onnx", Bytes = model.Length, Sha256 = Sha256Digest.Of(model), Role = ArtifactRole.Model },
            new Artifact { Path = "golden.json", Bytes = golden.Length, Sha256 = Sha256Digest.Of(golden), Role = ArtifactRole.Golden },
        ],
        Inputs = [.. session.Inputs.Select(Signature)],
        Outputs = [.. session.Outputs.Select(Signature)],
        Provenance = new Provenance { Commit = new string('a', 40), Dirty = false, CreatedAt = DateTimeOffset.UnixEpoch },
        Golden = new GoldenReference { Path = "golden.json", Outputs = [.. session.Outputs.Select(o => new GoldenTolerance { Name = o.Name, AbsoluteTolerance = 1e-3, RelativeTolerance = 1e-3 })] },
        Limits = new DeviceLimits { MaxBytes = 10_000_000, MaxPeakMemoryBytes = 1L << 31, MaxP95LatencyMs = 1000 },
    };

    private static TensorSignature Signature(TensorInfo tensor) => new() { Name = tensor.Name, Datatype = tensor.Datatype!, Shape = tensor.Shape };
}
