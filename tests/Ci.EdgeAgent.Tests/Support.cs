using System.Security.Cryptography;
using System.Text.Json;
using Ci.Onnx;
using Ci.Releases;
using Ci.Storage;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests;

internal static class Support
{
    public static readonly OnnxRuntime Runtime = OnnxRuntime.Load(OnnxRuntimeLibrary.Path, OnnxRuntimeLibrary.Environment);

    public static string Root { get; } = FindRoot();

    public static string Model(string name) => Path.Combine(Root, "tests", "Fixtures", "models", name);

    /// <summary>A request of one row (or more) of <paramref name="features"/> numbers.</summary>
    public static string Request(int features, int rows = 1) =>
        $"{{\"inputs\":[{{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[{rows},{features}],\"data\":[{string.Join(',', Enumerable.Range(0, rows * features).Select(i => ((i % 7) * 0.5) + 0.25))}]}}]}}";

    public static async Task<bool> EventuallyAsync(Func<Task<bool>> holds, double seconds = 15)
    {
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began).TotalSeconds < seconds;)
        {
            if (await holds())
                return true;
            await Task.Delay(25);
        }

        return await holds();
    }

    /// <summary>A sealed, signed release of a real model with a golden set that the real runtime computed here.</summary>
    public static SignedRelease Sign(ECDsa key, string model, string version, string file, Func<Release, Release>? tweak = null, Func<double[], double[]>? golden = null) =>
        Sign(key, model, version, File.ReadAllBytes(Model(file)), tweak, golden);

    public static SignedRelease Sign(ECDsa key, string model, string version, byte[] bytes, Func<Release, Release>? tweak = null, Func<double[], double[]>? golden = null)
    {
        using var session = OnnxSession.Load(Runtime, bytes);
        var goldenBytes = Golden(session, golden ?? (values => values));
        Artifact[] artifacts =
        [
            new Artifact { Path = "model.onnx", Bytes = bytes.Length, Sha256 = Sha256Digest.Of(bytes), Role = ArtifactRole.Model },
            new Artifact { Path = "golden.json", Bytes = goldenBytes.Length, Sha256 = Sha256Digest.Of(goldenBytes), Role = ArtifactRole.Golden },
        ];
        var release = new Release
        {
            Name = model,
            Version = version,
            Artifacts = artifacts,
            Inputs = [.. session.Inputs.Select(Signature)],
            Outputs = [.. session.Outputs.Select(Signature)],
            Provenance = new Provenance { Commit = new string('a', 40), Dirty = false, CreatedAt = DateTimeOffset.UnixEpoch },
            Golden = new GoldenReference
            {
                Path = "golden.json",
                Outputs = [.. session.Outputs.Select(o => new GoldenTolerance { Name = o.Name, AbsoluteTolerance = 1e-4, RelativeTolerance = 1e-4 })],
            },
            Limits = new DeviceLimits { MaxBytes = 10_000_000, MaxPeakMemoryBytes = 1L << 31, MaxP95LatencyMs = 1000 },
        };
        release = (tweak is null ? release : tweak(release)).Seal();
        var document = release.ToBytes();
        return new SignedRelease(release, document, ReleaseVerification.Sign(key, release, document), [bytes, goldenBytes]);
    }

    public static async Task StoreAsync(IBlobStore store, SignedRelease signed)
    {
        foreach (var blob in signed.Blobs)
        {
            using var content = new MemoryStream(blob);
            await store.PutAsync(BlobKeys.OfSha256(Sha256Digest.Of(blob).Hex), content);
        }
    }

    private static byte[] Golden(OnnxSession session, Func<double[], double[]> change)
    {
        var input = session.Inputs[0];
        var width = (int)input.Shape[^1];
        var values = Enumerable.Range(0, 3 * width).Select(i => (float)(((i * 37) % 11) * 0.1)).ToArray();
        var outputs = session.Run([OnnxValue.Of(input.Name, values, 3, width)]);
        return new GoldenSet
        {
            Request = new GoldenRequest { Inputs = [GoldenTensor.OfNumbers(input.Name, "FP32", [3, width], Array.ConvertAll(values, v => (double)v))] },
            Response = new GoldenResponse { Outputs = [.. outputs.Select(o => GoldenTensor.OfNumbers(o.Name, o.Type.ToDatatype()!, o.Shape, change(o.ToDoubles())))] },
            Tolerance = outputs.ToDictionary(o => o.Name, _ => new ToleranceValue { Absolute = 1e-4, Relative = 1e-4 }, StringComparer.Ordinal),
        }.ToBytes();
    }

    private static TensorSignature Signature(TensorInfo tensor) => new() { Name = tensor.Name, Datatype = tensor.Datatype!, Shape = tensor.Shape };

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ci.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("no folder with Ci.sln above the tests");
    }
}

internal sealed record SignedRelease(Release Release, byte[] Document, byte[] Bundle, IReadOnlyList<byte[]> Blobs);
