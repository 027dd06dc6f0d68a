using System.Security.Cryptography;

namespace Ci.Releases.Tests;

internal static class Examples
{
    public static Sha256Digest Digest(byte fill) => Sha256Digest.Of([fill]);

    public static Release Release() => new()
    {
        Name = "energy-load",
        Version = "1.0.0",
        Artifacts =
        [
            new Artifact { Path = "model.onnx", Bytes = 1000, Sha256 = Digest(1), Role = ArtifactRole.Model },
            new Artifact { Path = "golden.json", Bytes = 10, Sha256 = Digest(2), Role = ArtifactRole.Golden },
        ],
        Inputs = [new TensorSignature { Name = "features", Datatype = "FP32", Shape = [-1, 69] }],
        Outputs = [new TensorSignature { Name = "prediction", Datatype = "FP32", Shape = [-1, 1] }],
        Opsets = new Dictionary<string, long> { ["ai.onnx"] = 17 },
        LeastRuntime = "1.17.0",
        Provenance = new Provenance
        {
            Commit = new string('a', 40),
            Dirty = false,
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Parameters = new Dictionary<string, string> { ["train.kind"] = "ridge" },
            Seeds = new Dictionary<string, long> { ["train.seed"] = 7 },
        },
        Golden = new GoldenReference
        {
            Path = "golden.json",
            Outputs = [new GoldenTolerance { Name = "prediction", AbsoluteTolerance = 1e-3, RelativeTolerance = 1e-5 }],
        },
        Limits = new DeviceLimits { MaxBytes = 1 << 20, MaxP95LatencyMs = 50 },
    };

    public static GoldenSet Golden() => new()
    {
        Request = new GoldenRequest { Inputs = [GoldenTensor.OfNumbers("features", "FP32", [2, 2], [1, 2, double.NaN, 4])] },
        Response = new GoldenResponse { Outputs = [GoldenTensor.OfNumbers("prediction", "FP32", [2, 1], [10, -20])] },
        Tolerance = new Dictionary<string, ToleranceValue> { ["prediction"] = new() { Absolute = 0.01, Relative = 0.001 } },
    };

    public static ECDsa Key() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static ReleaseRefusedException Refused(Action action) => Assert.Throws<ReleaseRefusedException>(action);
}
