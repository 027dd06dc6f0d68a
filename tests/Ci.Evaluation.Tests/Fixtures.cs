using System.IO.Compression;
using Ci.Onnx;
using Ci.Testing;

namespace Ci.Evaluation.Tests;

/// <summary>The repository's fixtures, and evaluations made of them.</summary>
internal static class Fixtures
{
    public static OnnxRuntime Runtime { get; } = OnnxRuntime.Load(OnnxRuntimeLibrary.Path, new Dictionary<string, string>());

    public static string Path(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder!.FullName, "Ci.sln")))
            folder = folder.Parent;
        return System.IO.Path.Combine([folder.FullName, "tests", "Fixtures", .. parts]);
    }

    /// <summary>The rows of a split of a fixture table, as CSV without the split column.</summary>
    public static string Rows(string table, string split)
    {
        using var gzip = new GZipStream(File.OpenRead(Path("tables", table)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var kept = lines.Skip(1).Where(line => line.EndsWith("," + split, StringComparison.Ordinal)).Prepend(lines[0]);
        return string.Join('\n', kept.Select(line => line[..line.LastIndexOf(',')])) + "\n";
    }

    public static EvaluationRequest Request(TemporaryFolder folder, string model, EvaluationSettings settings, string data = "test.csv", string? training = null) => new()
    {
        Folder = folder.Path,
        ModelPath = model,
        DataPath = data,
        TrainingDataPath = training,
        Settings = settings,
        OutPath = "evaluation.json",
        PredictionsPath = "predictions.csv.gz",
        MetricsPath = "metrics.json",
        Threads = 2,
    };

    public static ModelEvaluation Evaluate(EvaluationRequest request) => new Evaluator(Runtime, TimeProvider.System).Run(request);
}
