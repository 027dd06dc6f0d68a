using System.Globalization;
using System.Text;
using System.Text.Json;
using Ci.Onnx;
using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class TrainTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter errors = new();

    public TrainTests()
    {
        var csv = new StringBuilder("time,a,b,load\n");
        for (var row = 0; row < 200; row++)
            csv.Append(CultureInfo.InvariantCulture, $"t{row},{row % 17},{row % 5},{(3 * (row % 17)) + (row % 5)}\n");
        this.Write("train.csv", csv.ToString());
        this.Write("params.yaml", "train: {kind: boosted-trees, target: load, exclude: [time], iterations: 20, min_samples_leaf: 3}\n");
    }

    [Fact]
    public async Task A_csv_file_becomes_an_onnx_file_and_one_line_says_so()
    {
        var code = await this.Run("train", "--data", "train.csv", "--params", "params.yaml:train", "--out", "out/model.onnx");

        Assert.Equal((ExitCode.Ok, ""), (code, this.errors.ToString()));
        var line = Assert.Single(this.output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("out/model.onnx: boosted-trees from 200 rows and 2 features, 20 iterations, ", line, StringComparison.Ordinal);
        var model = OnnxModelFile.Read(this.PathOf("out/model.onnx"));
        Assert.Equal("[\"a\",\"b\"]", model.Facts.Metadata["mlops.features"]);
        Assert.Equal(["model.onnx"], Directory.GetFiles(this.PathOf("out")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Training_twice_gives_the_same_bytes()
    {
        await this.Run("train", "--data", "train.csv", "--out", "one.onnx", "--threads", "1");
        await this.Run("train", "--data", "train.csv", "--out", "two.onnx", "--threads", "2");

        Assert.Equal(File.ReadAllBytes(this.PathOf("one.onnx")), File.ReadAllBytes(this.PathOf("two.onnx")));
    }

    [Fact]
    public async Task Json_is_one_document()
    {
        await this.Run("train", "--data", "train.csv", "--out", "model.onnx", "--json");

        using var document = JsonDocument.Parse(this.output.ToString());
        Assert.Equal(200, document.RootElement.GetProperty("rows").GetInt32());
        Assert.Equal("rmse", document.RootElement.GetProperty("metric").GetString());
        Assert.InRange(document.RootElement.GetProperty("training").GetDouble(), 0, 5);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("time,a,b,load\n", "no rows")]
    [InlineData("time,a,b,laod\nx,1,2,3\n", "laod")]
    [InlineData("time,a,b,load\nx,1,2,3\nx,1,oops,3\n", "oops")]
    public async Task Bad_data_ends_in_one_clear_message_and_leaves_nothing(string csv, string expected)
    {
        this.Write("train.csv", csv);

        var code = await this.Run("train", "--data", "train.csv", "--out", "model.onnx");

        Assert.Equal(ExitCode.Error, code);
        Assert.Contains(expected, this.errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("train.csv", this.errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(["params.yaml", "train.csv"], Directory.GetFiles(this.folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Bad_parameters_are_all_named_and_an_older_model_stays()
    {
        this.Write("params.yaml", "train: {kind: ridge, lambda: -1, depth: 3}\n");
        this.Write("model.onnx", "older");

        var code = await this.Run("train", "--data", "train.csv", "--out", "model.onnx");

        Assert.Equal(ExitCode.Error, code);
        Assert.All(["`target` is missing", "`lambda`", "`depth`"], fault => Assert.Contains(fault, this.errors.ToString(), StringComparison.Ordinal));
        Assert.Equal("older", File.ReadAllText(this.PathOf("model.onnx")));
    }

    [Theory]
    [InlineData("none.csv", "params.yaml", "none.csv: there is no such data file")]
    [InlineData("train.csv", "none.yaml", "none.yaml: there is no such parameter file")]
    [InlineData("train.csv", "params.yaml:other", "there is no section `other`; at that place stand train")]
    public async Task What_is_not_there_is_named(string data, string parameters, string expected)
    {
        Assert.Equal(ExitCode.Error, await this.Run("train", "--data", data, "--params", parameters, "--out", "model.onnx"));

        Assert.Contains(expected, this.errors.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => this.folder.Dispose();

    private Task<int> Run(params string[] arguments) => CommandLine.RunAsync(arguments, new CliContext
    {
        Out = this.output,
        Error = this.errors,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        WorkingDirectory = this.folder.Path,
        Time = TimeProvider.System,
    });

    private string PathOf(string name) => Path.Combine(this.folder.Path, name);

    private void Write(string name, string text) => File.WriteAllText(this.PathOf(name), text);
}
