using System.Text.Json.Nodes;
using Ci.Cli;
using Ci.Onnx;
using Ci.Testing;

namespace Ci.Cli.Tests;

/// <summary><c>mlops evaluate</c> and <c>mlops compare</c>, on a model that copies its only feature.</summary>
public sealed class EvaluateTests : IDisposable
{
    private const string Parameters = "evaluate: {target: y, key: t, task: regression, unit: MW, seed: 4}\n";

    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public EvaluateTests()
    {
        this.folder.Write("params.yaml", Parameters);
        this.folder.Write("gates.yaml", "gates: [{metric: rmse, rule: not-worse, margin: 2 %}, {metric: rmse, rule: max, limit: 40}]\n");
        this.folder.Write("train.csv", Rows(10, 3, 500));
        this.folder.Write("test.csv", Rows(10, 1, 400));
        this.SaveIdentity("model.onnx", "x");
        this.SaveIdentity("worse.onnx", "noisy");
    }

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task A_first_model_is_judged_by_absolute_gates_and_a_worse_one_regresses()
    {
        Assert.Equal(0, await this.Evaluate("model.onnx", "live"));
        Assert.Matches(@"^model: RMSE [\d.]+ MW \(95 % interval [\d.]+ to [\d.]+\) on 400 rows, written to live/evaluation\.json\n$", this.output.ToString());
        NothingLive.Write(this.folder.Of("none"), "production", "model");
        Assert.Equal(0, await this.Run("compare", "--candidate", "live/evaluation.json", "--baseline", "none/evaluation.json", "--out", "live/verdict.json"));
        Assert.StartsWith("pass: model first model, RMSE ", this.output.ToString(), StringComparison.Ordinal);

        Assert.Equal(0, await this.Evaluate("worse.onnx", "candidate"));
        Assert.Equal(ExitCode.Regress, await this.Run("compare", "--candidate", "candidate/evaluation.json", "--baseline", "live/evaluation.json", "--baseline-label", "live v1", "--out", "verdict.json"));
        Assert.Matches("^regress: worse worse, RMSE .* MW higher than live v1 .95 % interval .*, on 400 rows; gates: 1 regress, 1 pass\n  regress: rmse not-worse: ", this.output.ToString());
        Assert.Equal("", this.error.ToString());
    }

    [Fact]
    public async Task Json_is_the_document_itself()
    {
        Assert.Equal(0, await this.Evaluate("model.onnx", "live", "--json"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(this.output.ToString()), JsonNode.Parse(await File.ReadAllTextAsync(this.folder.Of("live", "evaluation.json")))));
        this.folder.Write("hard.yaml", "gates: [{metric: rmse, rule: max, limit: 10}]\n");
        Assert.Equal(ExitCode.Inconclusive, await this.Run("compare", "--candidate", "live/evaluation.json", "--gates", "hard.yaml", "--json"));
        Assert.Equal("inconclusive", (string?)JsonNode.Parse(this.output.ToString())!["outcome"]);
    }

    [Fact]
    public async Task Rows_from_the_training_data_are_warned_of()
    {
        this.folder.Write("train.csv", await File.ReadAllTextAsync(this.folder.Of("test.csv")));
        Assert.Equal(0, await this.Evaluate("model.onnx", "live"));
        Assert.Contains("400 of 400 evaluation rows also stand in the training data", this.error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_wrong_ends_in_one_clear_message_and_no_file()
    {
        this.folder.Write("empty.csv", "");
        this.folder.Write("words.csv", "t,x,noisy,y\n2020-01-01T00:00:00Z,warm,1,2\n");
        this.folder.Write("narrow.csv", "t,noisy,y\n2020-01-01T00:00:00Z,1,2\n");
        await File.WriteAllBytesAsync(this.folder.Of("cut.onnx"), (await File.ReadAllBytesAsync(this.folder.Of("model.onnx")))[..40]);
        await this.Refuses("empty.csv: the file is empty", "--model", "model.onnx", "--data", "empty.csv");
        await this.Refuses("words.csv:2: column 'x', row 1: 'warm' is not a number", "--model", "model.onnx", "--data", "words.csv");
        await this.Refuses("there is no column 'x'", "--model", "model.onnx", "--data", "narrow.csv");
        await this.Refuses("cut.onnx: ", "--model", "cut.onnx", "--data", "test.csv");
        await this.Refuses("none.yaml: there is no such file", "--model", "model.onnx", "--data", "test.csv", "--params", "none.yaml");
        Assert.Equal(ExitCode.Error, await this.Run("compare", "--candidate", "none.json"));
        Assert.Contains("none.json: there is no such file", this.error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(this.folder.Of("verdict.json")));
    }

    private static string Rows(int scale, int seed, int rows)
    {
        var random = new Random(seed);
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(seed * 1000);
        var lines = Enumerable.Range(0, rows).Select(i =>
        {
            var truth = random.Next(1_000_000) / 1000.0;
            var near = truth + (scale * 2 * (random.NextDouble() - 0.5) * Math.Sqrt(3));
            return FormattableString.Invariant($"{start.AddHours(i):yyyy-MM-ddTHH:mm:ssZ},{near:0.###},{near + (scale * 3 * (random.NextDouble() - 0.5)):0.###},{truth}");
        });
        return "t,x,noisy,y\n" + string.Join('\n', lines) + "\n";
    }

    private void SaveIdentity(string file, string feature)
    {
        var model = new Onnx.Proto.ModelProto { IrVersion = 8, Graph = new Onnx.Proto.GraphProto { Name = "copy" } };
        model.OpsetImport.Add(new Onnx.Proto.OperatorSetIdProto { Version = 17 });
        model.Graph.Input.Add(Column("features"));
        model.Graph.Output.Add(Column("prediction"));
        var node = new Onnx.Proto.NodeProto { OpType = "Identity" };
        node.Input.Add("features");
        node.Output.Add("prediction");
        model.Graph.Node.Add(node);
        OnnxModelFile.Of(model).WithMetadata(new Dictionary<string, string?> { ["mlops.features"] = $"[\"{feature}\"]" }).Save(this.folder.Of(file));
    }

    private static Onnx.Proto.ValueInfoProto Column(string name)
    {
        var shape = new Onnx.Proto.TensorShapeProto();
        shape.Dim.Add(new Onnx.Proto.TensorShapeProto.Types.Dimension { DimParam = "batch" });
        shape.Dim.Add(new Onnx.Proto.TensorShapeProto.Types.Dimension { DimValue = 1 });
        return new Onnx.Proto.ValueInfoProto { Name = name, Type = new Onnx.Proto.TypeProto { TensorType = new Onnx.Proto.TypeProto.Types.Tensor { ElemType = 1, Shape = shape } } };
    }

    private Task<int> Evaluate(string model, string name, params string[] more) => this.Run(
        ["evaluate", "--model", model, "--data", "test.csv", "--training-data", "train.csv", "--out", $"{name}/evaluation.json", "--predictions", $"{name}/predictions.csv.gz", .. more]);

    private async Task Refuses(string words, params string[] arguments)
    {
        Assert.Equal(ExitCode.Error, await this.Run(["evaluate", .. arguments, "--out", "answer/evaluation.json"]));
        Assert.Contains(words, this.error.ToString(), StringComparison.Ordinal);
        Assert.Single(this.error.ToString().Trim().Split('\n'));
        Assert.False(Directory.Exists(this.folder.Of("answer")));
    }

    private Task<int> Run(params string[] arguments)
    {
        this.output.GetStringBuilder().Clear();
        this.error.GetStringBuilder().Clear();
        return CommandLine.RunAsync(arguments, new CliContext
        {
            Out = this.output,
            Error = this.error,
            Environment = OnnxRuntimeLibrary.Environment,
            WorkingDirectory = this.folder.Path,
            Time = TimeProvider.System,
        });
    }
}
