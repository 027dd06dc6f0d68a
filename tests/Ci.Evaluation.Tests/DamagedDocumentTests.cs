using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Ci.Statistics;
using Ci.Testing;

namespace Ci.Evaluation.Tests;

public sealed class DamagedDocumentTests : IDisposable
{
    private const string Gates = "gates: [{metric: accuracy, rule: min, limit: 0.5}, {metric: accuracy, rule: not-worse}]";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_damaged_evaluation_is_read_or_refused_alone_and_in_a_comparison()
    {
        this.Evaluate();
        var whole = File.ReadAllBytes(this.folder.Of("evaluation.json"));
        DocumentDamage.Check<EvaluationException>(whole, json =>
        {
            ModelEvaluation.Read(json).ToBytes();
            File.WriteAllBytes(this.folder.Of("damaged.json"), json);
            this.Compare("damaged.json", "evaluation.json");
            this.Compare("evaluation.json", "damaged.json");
        });
    }

    [Fact]
    public void A_damaged_verdict_is_read_or_refused()
    {
        this.Evaluate();
        DocumentDamage.Check<EvaluationException>(this.Compare("evaluation.json", "evaluation.json").ToBytes(), json => Verdict.Read(json).ToBytes());
    }

    [Fact]
    public void A_gate_that_does_not_say_whether_it_was_skipped_applies()
    {
        this.Evaluate();
        var document = JsonNode.Parse(this.Compare("evaluation.json", "evaluation.json").ToBytes())!;
        ((JsonObject)document["gates"]![0]!).Remove("skipped");
        Assert.True(Verdict.Read(Encoding.UTF8.GetBytes(document.ToJsonString())).Gates[0].Applies);
    }

    [Fact]
    public void Null_in_a_list_is_refused_and_its_place_named()
    {
        this.Evaluate();
        var document = JsonNode.Parse(File.ReadAllBytes(this.folder.Of("evaluation.json")))!;
        document["metrics"]![1] = null;
        var error = Assert.Throws<EvaluationException>(() => ModelEvaluation.Read(Encoding.UTF8.GetBytes(document.ToJsonString())));
        Assert.Contains("metrics[1] is null", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_predictions_are_refused()
    {
        this.Evaluate();
        var packed = File.ReadAllBytes(this.folder.Of("predictions.csv.gz"));
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        var lines = new StreamReader(gzip).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        List<byte[]> damaged = [packed[..(packed.Length / 2)], [], [1, 2, 3], Packed(""), Packed(string.Join('\n', lines.Select(cells => cells[0])))];
        damaged.AddRange(lines[0].Select((_, column) => Packed(string.Join('\n', lines.Select(cells => string.Join(',', cells.Where((_, i) => i != column)))))));
        damaged.AddRange(lines[0].Select((_, column) => Packed(string.Join('\n', lines.Select((cells, row) => string.Join(',', cells.Select((cell, i) => i == column && row == 3 ? "many" : cell)))))));
        var evaluation = ModelEvaluation.Read(File.ReadAllBytes(this.folder.Of("evaluation.json")));
        var refused = 0;
        foreach (var bytes in damaged)
        {
            try
            {
                PredictionsCsv.Read(bytes, "predictions.csv.gz", evaluation);
            }
            catch (Exception error) when (error is EvaluationException or TableException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 5, damaged.Count);
    }

    private static byte[] Packed(string text)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return buffer.ToArray();
    }

    private void Evaluate()
    {
        this.folder.Write("test.csv", Fixtures.Rows("wine.csv.gz", "test"));
        this.folder.Write("train.csv", Fixtures.Rows("wine.csv.gz", "train"));
        var settings = new EvaluationSettings { Target = "target", Task = Tasks.Multiclass };
        Fixtures.Evaluate(Fixtures.Request(this.folder, Fixtures.Path("models", "wine-rfc-base.onnx"), settings, training: "train.csv"));
    }

    private Verdict Compare(string candidate, string baseline) => Comparer.Run(new CompareRequest
    {
        Folder = this.folder.Path, CandidatePath = candidate, BaselinePath = baseline, BaselineLabel = "live", Gates = GateFile.Read(Gates, "gates.yaml"), OutPath = "verdict.json",
    });
}
