using System.Text.Json.Nodes;
using Ci.Git;
using Ci.Testing;

namespace Ci.Cli.Tests;

public sealed class DataCheckVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public DataCheckVerbTests()
    {
        this.folder.Write("data.csv", "t,x\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},{i * 37 % 101}\n")));
        this.folder.Write("schema.yaml", "columns: {t: {type: integer, order: increasing}, x: {type: number, min: 0, max: 100}}\n");
    }

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task A_table_that_is_as_it_should_be_passes()
    {
        Assert.Equal(ExitCode.Ok, await this.Run("data", "check", "data.csv", "--schema", "schema.yaml"));
        Assert.Equal("pass: 10 rules hold (300 rows of data.csv).\n", this.output.ToString().ReplaceLineEndings("\n"));
        Assert.Equal("pass", (string?)JsonNode.Parse(File.ReadAllText(this.folder.Of("data-check.json")))!["outcome"]);
    }

    [Fact]
    public async Task A_broken_rule_ends_with_3_and_leaves_the_findings_behind()
    {
        File.AppendAllText(this.folder.Of("data.csv"), "7,many\n");
        Assert.Equal(ExitCode.Regress, await this.Run("data", "check", "data.csv", "--schema", "schema.yaml", "--out", "out/found.json", "--report", "out/found.md", "--metrics", "out/counts.json"));
        var lines = this.output.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("fail: 2 of 10 rules are broken (301 rows of data.csv).", lines[0]);
        Assert.Equal("  fail: t: order: wanted more than the row before; 1 row (0.3 %); line 302; '7'", lines[1]);
        Assert.Equal("  fail: x: type: wanted a decimal number such as 1234.5; 1 row (0.3 %); line 302; 'many'", lines[2]);
        Assert.Equal("fail", (string?)JsonNode.Parse(File.ReadAllText(this.folder.Of("out/found.json")))!["outcome"]);
        Assert.StartsWith("**Data check: fail.** 2 of 10 rules are broken", File.ReadAllText(this.folder.Of("out/found.md")), StringComparison.Ordinal);
        Assert.Equal(2, (int?)JsonNode.Parse(File.ReadAllText(this.folder.Of("out/counts.json")))!["rules_broken"]);
    }

    [Fact]
    public async Task It_can_record_and_go_on()
    {
        File.AppendAllText(this.folder.Of("data.csv"), "7,8\n");
        Assert.Equal(ExitCode.Ok, await this.Run("data", "check", "data.csv", "--schema", "schema.yaml", "--no-fail"));
        Assert.StartsWith("fail: 1 of 10 rules is broken", this.output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_rows_beside_a_reference_end_with_4()
    {
        this.folder.Write("few.csv", "t,x\n1,2\n2,3\n");
        Assert.Equal(ExitCode.Inconclusive, await this.Run("data", "check", "few.csv", "--schema", "schema.yaml", "--reference", "data.csv", "--json"));
        Assert.Equal("inconclusive", (string?)JsonNode.Parse(this.output.ToString())!["outcome"]);
    }

    [Theory]
    [InlineData("data check data.csv", 2, "there is nothing to check against: give --schema, --reference, or both")]
    [InlineData("data check gone.csv --schema schema.yaml", 1, "gone.csv: there is no such file")]
    [InlineData("data check data.csv --schema gone.yaml", 1, "gone.yaml: there is no such file")]
    [InlineData("data check schema.yaml --schema schema.yaml", 1, "schema.yaml")]
    [InlineData("data check data.csv --schema data.csv", 1, "data.csv:")]
    [InlineData("data split data.csv --out parts --by random --fractions train=0.5", 1, "a split has 2 to 100 parts")]
    [InlineData("data split data.csv --out parts --by fortune", 2, "fortune")]
    [InlineData("data split data.csv --out parts --by random --folds 3 --fractions a=0.5,b=0.5", 2, "give either --fractions or --folds")]
    [InlineData("data split data.csv --out data.csv --by random", 1, "it is a file, and a folder is to be written")]
    public async Task What_cannot_be_done_is_one_message_and_leaves_nothing(string call, int code, string message)
    {
        Assert.Equal(code, await this.Run(call.Split(' ')));
        Assert.Contains(message, this.error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["data.csv", "schema.yaml"], Directory.GetFileSystemEntries(this.folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_schema_is_begun_once_and_never_lost_to_a_second_run()
    {
        Assert.Equal(ExitCode.Ok, await this.Run("data", "schema", "data.csv"));
        Assert.Equal(ExitCode.Ok, await this.Run("data", "check", "data.csv", "--schema", "data-schema.yaml"));
        File.AppendAllText(this.folder.Of("data-schema.yaml"), "# mine\n");
        Assert.Equal(ExitCode.Error, await this.Run("data", "schema", "data.csv"));
        Assert.Contains("overwrite it with --force", this.error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("# mine\n", File.ReadAllText(this.folder.Of("data-schema.yaml")), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await this.Run("data", "schema", "data.csv", "--force"));
    }

    [Fact]
    public async Task A_split_is_told_and_recorded()
    {
        Assert.Equal(ExitCode.Ok, await this.Run("data", "split", "data.csv", "--out", "parts", "--by", "chronological", "--column", "t", "--gap", "10"));
        Assert.Equal(
            $"chronological by t, 10 apart: 300 rows of data.csv\n  {Path.Combine("parts", "train.csv")}: 230 rows (76.7 %, 0 to 229)\n  {Path.Combine("parts", "test.csv")}: 60 rows (20 %, 240 to 299)\n  dropped for the gap: 10 rows\n",
            this.output.ToString().ReplaceLineEndings("\n"));
        Assert.Equal("", this.error.ToString());
        Assert.True(File.Exists(this.folder.Of("parts", "split.json")));
    }

    [Fact]
    public async Task As_a_stage_it_is_skipped_while_nothing_changed_and_stops_the_pipeline_when_data_break()
    {
        await GitRepository.InitAsync(this.folder.Path, o: new GitOptions { Environment = GitIsolation.Environment });
        this.folder.Write(".dvc/config", "");
        this.folder.Write("mlops", $"#!/bin/sh\nexec dotnet \"{typeof(CommandLine).Assembly.Location}\" \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(this.folder.Of("mlops"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        this.folder.Write("dvc.yaml", """
            stages:
              check:
                cmd: ./mlops data check data.csv --schema schema.yaml --metrics data-check.metrics.json
                deps: [data.csv, schema.yaml]
                outs:
                  - data-check.json: {cache: false}
                metrics:
                  - data-check.metrics.json: {cache: false}
              train:
                cmd: cp data-check.json model.txt
                deps: [data-check.json]
                outs: [model.txt]
            """);
        Assert.True(await this.Run("repro") == 0, this.error.ToString());
        Assert.True(File.Exists(this.folder.Of("model.txt")));
        Assert.Equal(0, await this.Run("repro"));
        Assert.Contains("Stage 'check' didn't change, skipping", this.output.ToString(), StringComparison.Ordinal);

        File.AppendAllText(this.folder.Of("data.csv"), "7,8\n");
        Assert.NotEqual(0, await this.Run("repro"));
        Assert.Equal("fail", (string?)JsonNode.Parse(File.ReadAllText(this.folder.Of("data-check.json")))!["outcome"]);
    }

    private async Task<int> Run(params string[] arguments)
    {
        this.output.GetStringBuilder().Clear();
        this.error.GetStringBuilder().Clear();
        var context = new CliContext
        {
            Out = this.output,
            Error = this.error,
            Environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal),
            WorkingDirectory = this.folder.Path,
            Time = TimeProvider.System,
        };
        return await CommandLine.RunAsync(arguments, context);
    }
}
