using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Ci.EdgeAgent.Generations;
using Ci.Onnx;
using Ci.Releases;

namespace Ci.EdgeAgent.Tests.Crashes;

/// <summary>
/// Signed releases of real models, each with bytes of its own: good ones, <c>bad</c>, which does not reproduce its golden set, and <c>sour</c>,
/// which passes its gate and misbehaves once it serves. Made once for all explorations.
/// </summary>
internal static class Catalogue
{
    public const string Model = "breast-mlp";
    public const int Good = 6;
    private const string Prefix = "1.0.0-";
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ConcurrentDictionary<string, OnnxSession> Sessions = new(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, SignedRelease> Releases { get; } = Make();

    public static TrustedKey Trusted { get; } = TrustedKey.Of(Key);

    /// <summary>Every blob by its SHA-256.</summary>
    public static IReadOnlyDictionary<string, byte[]> Blobs { get; } = Releases.Values.SelectMany(r => r.Blobs)
        .DistinctBy(b => Sha256Digest.Of(b).Hex).ToDictionary(b => Sha256Digest.Of(b).Hex, StringComparer.Ordinal);

    public static string VersionOf(string release) => NameOf(Releases.Values.First(r => r.Release.Id.Hex == release).Release.Version);

    /// <summary>Versions are semantic: <c>1.0.0-good-1</c>.</summary>
    public static string NameOf(string version) => version[Prefix.Length..];

    /// <summary>Bytes that no release signed are never to be loaded: then the exploration has found what it looks for.</summary>
    public static IModelInstance Load(byte[] bytes)
    {
        var digest = Sha256Digest.Of(bytes).Hex;
        var signed = Releases.Values.FirstOrDefault(r => r.Release.Model.Sha256.Hex == digest);
        Assert.True(signed is not null, "a model that nobody signed was about to be loaded");
        return new Instance(Sessions.GetOrAdd(digest, _ => OnnxSession.Load(Support.Runtime, bytes)), NameOf(signed!.Release.Version) == "sour");
    }

    private static Dictionary<string, SignedRelease> Make()
    {
        var releases = new Dictionary<string, SignedRelease>(StringComparer.Ordinal);
        for (var i = 1; i <= Good; i++)
            releases[$"good-{i}"] = Support.Sign(Key, Model, $"{Prefix}good-{i}", Bytes($"good-{i}", i % 2 == 0));
        releases["bad"] = Support.Sign(Key, Model, Prefix + "bad", Bytes("bad", false), golden: values => Array.ConvertAll(values, v => v + 0.5));
        releases["sour"] = Support.Sign(Key, Model, Prefix + "sour", Bytes("sour", true));
        return releases;
    }

    // A doc_string (field 6 of ModelProto) more makes another file of the same model.
    private static byte[] Bytes(string name, bool second) =>
        [.. File.ReadAllBytes(Support.Model(second ? "breast-mlp-cont.onnx" : "breast-mlp-base.onnx")), 0x32, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)];

    private sealed class Instance(OnnxSession session, bool turnsSour) : IModelInstance
    {
        private int callers;

        public IReadOnlyList<TensorInfo> Inputs => session.Inputs;

        public IReadOnlyList<TensorInfo> Outputs => session.Outputs;

        public IReadOnlyDictionary<string, string> Metadata => session.Metadata;

        public string Provider => session.Provider;

        public string? ProviderFallbackReason => null;

        public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs) => session.Run(inputs);

        // The first caller is the gate, or the proof after a restart.
        public IModelCaller NewCaller() => Interlocked.Increment(ref callers) > 1 && turnsSour ? new Sour() : new PlainCaller(this);

        public void Dispose()
        {
            // Sessions are shared by all lives of all devices.
        }
    }

    private sealed class Sour : IModelCaller
    {
        public long KeptBytes => 0;

        public IReadOnlyList<OnnxValue> Run(IReadOnlyList<OnnxValue> inputs) => throw new OnnxException("it has turned sour");

        public void Dispose()
        {
        }
    }
}
