using System.Runtime.CompilerServices;

namespace Ci.Reporting.Tests;

/// <summary>Cards to render: of the energy-load report, its release, and what people said in Samples/card.yaml.</summary>
internal static class Cards
{
    public static CardDetails Details => CardDetailsFile.Read(File.ReadAllText(DetailsPath()), "card.yaml");

    public static CardRelease Release => new()
    {
        Name = "energy-load",
        Version = "2.0.0",
        Id = new string('a', 64),
        State = SignatureState.Verified,
        KeyFingerprint = new string('b', 64),
        Commit = Samples.EnergyLoad.Lineage.Commit!,
        CreatedAt = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero),
        PipelineLockSha256 = new string('c', 64),
        Seeds = new Dictionary<string, string>(StringComparer.Ordinal) { ["train.seed"] = "7" },
        Hardware = "Linux, x64, 2 processors",
        Limits = [("all files together", "4,000,000 bytes"), ("p95 latency of a call", "5 ms")],
        Files =
        [
            new CardFile("model.onnx", "model", 1_843_220, Samples.EnergyLoad.Model.Sha256, Hashed: true),
            new CardFile("evaluation.json", "evaluation", 18_211, new string('d', 64), Hashed: true),
            new CardFile("golden.json", "golden", 6_120, new string('e', 64), Hashed: true),
        ],
    };

    public static ModelCard Card(CardRelease? release = null, CardDetails? details = null) =>
        ModelCard.Of(Samples.Bytes("energy-load.report.json"), release, details ?? Details);

    public static ModelCard Of(Report report, CardDetails? details = null) => ModelCard.Of(report.ToBytes(), null, details ?? CardDetails.None);

    private static string DetailsPath([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Samples", "card.yaml");
}
