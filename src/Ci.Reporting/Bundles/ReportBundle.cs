using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Ci.Evaluation;

namespace Ci.Reporting;

/// <summary>
/// What a job without rights hands to one with rights: data alone, four files of fixed names. Read strictly: whatever is more, less,
/// larger or another than it says is refused whole.
/// </summary>
public sealed class ReportBundle
{
    public const string ManifestName = "bundle.json";
    public const string ReportName = "report.json";
    public const string EvaluationName = "evaluation.json";
    public const string VerdictName = "verdict.json";

    /// <summary>The names that a bundle holds, in the order in which they lie in it, with the most bytes of each.</summary>
    internal static readonly IReadOnlyList<(string Name, int MostBytes)> Names =
    [
        (ManifestName, 4096), (ReportName, Report.MostBytes), (EvaluationName, ModelEvaluation.MostBytes), (VerdictName, Verdict.MostBytes),
    ];

    private ReportBundle(BundleManifest claims, Report report, ModelEvaluation evaluation, Verdict verdict) =>
        (this.Claims, this.Report, this.Evaluation, this.Verdict) = (claims, report, evaluation, verdict);

    public BundleManifest Claims { get; }

    public Report Report { get; }

    public ModelEvaluation Evaluation { get; }

    public Verdict Verdict { get; }

    /// <summary>Makes the four files of a bundle. What does not belong together is refused here already, not only by who reads it.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Make(int? pullRequest, string commit, byte[] report, byte[] evaluation, byte[] verdict)
    {
        (string Name, byte[] Bytes)[] files = [(ReportName, report), (EvaluationName, evaluation), (VerdictName, verdict)];
        var manifest = new BundleManifest
        {
            PullRequest = pullRequest,
            Commit = commit.ToLowerInvariant(),
            Files = [.. files.Select(file => new BundleFile(file.Name, file.Bytes.Length, Convert.ToHexStringLower(SHA256.HashData(file.Bytes))))],
        };
        (string, byte[])[] all = [(ManifestName, [.. JsonSerializer.SerializeToUtf8Bytes(manifest, BundleJson.Default.BundleManifest), (byte)'\n']), .. files];
        Read(all.ToDictionary(file => file.Item1, file => file.Item2, StringComparer.Ordinal));
        return all;
    }

    /// <summary>The files as a zip archive; the same files give the same bytes.</summary>
    public static byte[] Pack(IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                var entry = archive.CreateEntry(name, CompressionLevel.Optimal);
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(bytes);
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Reads a bundle from a zip file or a folder.</summary>
    /// <exception cref="BundleRefusedException">It is not exactly what a bundle is.</exception>
    public static ReportBundle Open(string path) =>
        Read(Directory.Exists(path) ? BundleFolder.Read(path) : BundleZip.Read(path));

    internal static ReportBundle Read(IReadOnlyDictionary<string, byte[]> files)
    {
        var manifest = BundleManifest.Read(files[ManifestName]);
        CheckFiles(manifest, files);
        try
        {
            var bundle = new ReportBundle(manifest, Report.Read(files[ReportName]), ModelEvaluation.Read(files[EvaluationName]), Verdict.Read(files[VerdictName]));
            BundleRules.Check(bundle, Convert.ToHexStringLower(SHA256.HashData(files[EvaluationName])));
            return bundle;
        }
        catch (Exception error) when (error is ReportException or EvaluationException)
        {
            throw new BundleRefusedException($"the bundle's documents are refused: {PlainText.Clean(error.Message, 1_000)}", error);
        }
    }

    private static void CheckFiles(BundleManifest manifest, IReadOnlyDictionary<string, byte[]> files)
    {
        var names = Names.Skip(1).Select(file => file.Name).ToList();
        if (!manifest.Files.Select(file => file?.Name).SequenceEqual(names, StringComparer.Ordinal))
            throw new BundleRefusedException($"bundle.json must list {string.Join(", ", names)}, in this order and nothing else");
        foreach (var file in manifest.Files)
        {
            var bytes = files[file.Name];
            if (bytes.Length != file.Bytes || Convert.ToHexStringLower(SHA256.HashData(bytes)) != file.Sha256)
                throw new BundleRefusedException($"{file.Name} is not the file that bundle.json names: its length or SHA-256 differs");
        }
    }
}
