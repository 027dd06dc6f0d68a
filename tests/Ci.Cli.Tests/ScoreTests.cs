using System.Text.Json.Nodes;
using Ci.Cli;
using Ci.Onnx;
using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class ScoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("score").FullName;
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose() => Directory.Delete(this.folder, recursive: true);

    [Theory]
    [InlineData("breast-mlp-base")]
    [InlineData("wine-rfc-base")]
    [InlineData("load-mlp-base.int8")]
    public async Task A_golden_request_gets_its_recorded_response(string name)
    {
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(Models($"{name}.golden.json")))!;
        await File.WriteAllTextAsync(this.At("request.json"), golden["request"]!.ToJsonString());
        Assert.Equal(0, await this.Run("score", "--model", Models($"{name}.onnx"), "--input", "request.json"));
        var response = JsonNode.Parse(this.output.ToString())!;
        Assert.Equal((string)golden["request"]!["id"]!, (string)response["id"]!);
        foreach (var (expected, actual) in golden["response"]!["outputs"]!.AsArray().Zip(response["outputs"]!.AsArray()))
        {
            Assert.Equal(expected!["name"]!.ToJsonString(), actual!["name"]!.ToJsonString());
            Assert.Equal(expected["shape"]!.ToJsonString(), actual["shape"]!.ToJsonString());
            var tolerance = (string)expected["datatype"]! == "INT64" ? 0 : 1e-4;
            foreach (var (e, a) in expected["data"]!.AsArray().Zip(actual["data"]!.AsArray()))
                Assert.InRange((double)a!, (double)e! - tolerance - (tolerance * Math.Abs((double)e!)), (double)e! + tolerance + (tolerance * Math.Abs((double)e!)));
        }
    }

    [Fact]
    public async Task Rows_of_a_table_are_scored_by_the_columns_that_the_model_names()
    {
        OnnxModelFile.Read(Models("wine-rfc-base.onnx"))
            .WithMetadata(new Dictionary<string, string?> { ["mlops.features"] = new JsonArray([.. Enumerable.Range(0, 13).Select(i => JsonValue.Create($"f{i}"))]).ToJsonString() })
            .Save(this.At("model.onnx"));
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(Models("wine-rfc-base.golden.json")))!;
        var cells = golden["request"]!["inputs"]![0]!["data"]!.AsArray().Select(v => v!.ToJsonString()).Chunk(13);
        var header = "id," + string.Join(',', Enumerable.Range(0, 13).Reverse().Select(i => $"f{i}"));
        await File.WriteAllLinesAsync(this.At("rows.csv"), cells.Select((row, i) => $"{i},{string.Join(',', row.Reverse())}").Prepend(header));
        Assert.Equal(0, await this.Run("score", "--model", "model.onnx", "--data", "rows.csv", "--out", "predictions.csv"));
        var lines = await File.ReadAllLinesAsync(this.At("predictions.csv"));
        Assert.Equal("label,probabilities_0,probabilities_1,probabilities_2", lines[0]);
        Assert.Equal(golden["response"]!["outputs"]![0]!["data"]!.AsArray().Select(v => v!.ToJsonString()), lines.Skip(1).Select(l => l.Split(',')[0]));
        Assert.Equal(3, Directory.GetFiles(this.folder).Length);
    }

    [Fact]
    public async Task Whatever_is_wrong_ends_in_one_clear_message_and_no_file()
    {
        await File.WriteAllTextAsync(this.At("rows.csv"), "a,b\n1,2\n");
        await File.WriteAllTextAsync(this.At("broken.json"), "{\"inputs\":");
        await File.WriteAllBytesAsync(this.At("cut.onnx"), (await File.ReadAllBytesAsync(Models("wine-rfc-base.onnx")))[..3000]);
        var wine = Models("wine-rfc-base.onnx");
        await this.Refuses(ExitCode.Usage, "either --data", "--model", wine);
        await this.Refuses(ExitCode.Error, "mlops.features", "--model", wine, "--data", "rows.csv");
        await this.Refuses(ExitCode.Error, "no valid request", "--model", wine, "--input", "broken.json");
        await this.Refuses(ExitCode.Error, "truncated", "--model", "cut.onnx", "--data", "rows.csv");
        await this.Refuses(ExitCode.Error, "does not exist", "--model", "none.onnx", "--data", "rows.csv");
    }

    private static string Models(string file)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Ci.sln")))
            root = root.Parent!;
        return Path.Combine(root.FullName, "tests", "Fixtures", "models", file);
    }

    private async Task Refuses(int code, string words, params string[] arguments)
    {
        this.error.GetStringBuilder().Clear();
        Assert.Equal(code, await this.Run(["score", .. arguments, "--out", "answer"]));
        Assert.Contains(words, this.error.ToString());
        Assert.Single(this.error.ToString().Trim().Split('\n'));
        Assert.False(File.Exists(this.At("answer")));
    }

    private string At(string file) => Path.Combine(this.folder, file);

    private Task<int> Run(params string[] arguments) => CommandLine.RunAsync(arguments, new CliContext
    {
        Out = this.output,
        Error = this.error,
        Environment = OnnxRuntimeLibrary.Environment,
        WorkingDirectory = this.folder,
        Time = TimeProvider.System,
    });
}
